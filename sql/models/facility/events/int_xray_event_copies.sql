with

events as (

    select * from {{ ref('int_counted_reports_xray_irradiation_events') }}

),

dose_reports as (

    select * from {{ ref('int_counted_reports_dose_reports') }}

),

hard_limits as (

    {{ hard_limits(ref('hard_limits'), ref('drl_quantities'), 'acquisition') }}

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
        {{ is_plane_unknown('events', 'dose_reports', 'xray_irradiation_event') }}
            as is_plane_unknown,
        events.acquisition_protocol,
        events.dose_area_product_gy_m2,
        events.dose_rp_gy,
        events.average_glandular_dose_mgy,
        events.compression_thickness_mm,
        events.reference_point_definition,
        dose_reports.modality,
        dose_reports.completion_flag,
        dose_reports.irradiation_started_at,
        count(*) over (
            partition by events.facility_id, events.submission_id, events.object_sha256
        ) as n_report_events
    from events
    left join dose_reports
        on
            events.submission_id = dose_reports.submission_id
            and events.object_sha256 = dose_reports.object_sha256

),

described as (

    select
        *,
        {{ is_without_uid() }} as is_without_uid
    from sized

),

compared as (

    {{ copies_compared(
        'described', ['dose_area_product_gy_m2', 'dose_rp_gy', 'average_glandular_dose_mgy']
    ) }}

),

-- Mammography uses means: a view whose dose is zero or missing is not used.
final as (

    select
        compared.* exclude (event_key, irradiation_started_at, is_of_another_study),
        coalesce(compared.modality = 'MG', false)
        and not coalesce(compared.average_glandular_dose_mgy > 0, false) as is_without_dose,
        {{ is_outside('compared.dose_area_product_gy_m2', 'kap') }}
        or {{ is_outside('compared.dose_rp_gy', 'air_kerma_rp') }}
        or {{ is_outside('compared.average_glandular_dose_mgy', 'agd') }}
            as is_outside_hard_limits
    from compared
    left join hard_limits on compared.modality = hard_limits.modality

)

select * from final
