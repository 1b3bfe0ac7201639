with

events as (

    select * from {{ ref('int_counted_reports_xray_irradiation_events') }}

),

dose_reports as (

    select * from {{ ref('int_counted_reports_dose_reports') }}

),

-- The planes of a biplane device may share the UID of an event.
sized as (

    select
        events.facility_id,
        events.submission_id,
        events.object_sha256,
        events.report_key,
        events.study_key,
        events.event_key,
        coalesce(
            events.event_key || coalesce('.' || events.acquisition_plane, ''),
            events.report_key || '.' || events.event_index
        ) as counted_event_key,
        events.event_index,
        events.acquisition_plane,
        events.acquisition_protocol,
        events.dose_area_product_gy_m2,
        events.dose_rp_gy,
        events.average_glandular_dose_mgy,
        events.compression_thickness_mm,
        events.reference_point_definition,
        dose_reports.modality,
        dose_reports.completion_flag,
        count(*) over (
            partition by events.facility_id, events.submission_id, events.object_sha256
        ) as n_report_events
    from events
    left join dose_reports
        on
            events.submission_id = dose_reports.submission_id
            and events.object_sha256 = dose_reports.object_sha256

),

ranked as (

    select
        *,
        {{ is_without_uid() }} as is_without_uid,
        {{ copy_rank() }} as copy_rank,
        {{ copy_number() }} as copy_number
    from sized

),

final as (

    select
        * exclude (event_key, copy_rank),
        {{ copies_differ('dose_area_product_gy_m2') }}
        or {{ copies_differ('dose_rp_gy') }}
        or {{ copies_differ('average_glandular_dose_mgy') }}
            as is_contradicted
    from ranked
    window tied_copies as (partition by facility_id, counted_event_key, copy_rank)

)

select * from final
