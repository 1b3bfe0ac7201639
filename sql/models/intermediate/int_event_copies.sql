with

events as (

    select * from {{ ref('int_standing_ct_irradiation_events') }}

),

dose_reports as (

    select * from {{ ref('int_standing_dose_reports') }}

),

sized as (

    select
        events.facility_id,
        events.submission_id,
        events.object_sha256,
        events.report_key,
        events.study_key,
        events.event_key,
        coalesce(events.event_key, events.report_key || '.' || events.event_index)
            as counted_event_key,
        events.event_index,
        events.acquisition_protocol,
        events.ct_acquisition_type,
        events.is_repeated_acquisition,
        events.target_region_code,
        events.scanning_length_mm,
        events.ctdiw_phantom,
        events.mean_ctdivol_mgy,
        events.dlp_mgy_cm,
        events.ssde_mgy,
        events.water_equivalent_diameter_mm,
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

compared as (

    select
        *,
        max(study_key) filter (where copy_number = 1) over (
            partition by facility_id, counted_event_key
        ) <> study_key as is_of_another_study,
        {{ copies_differ('mean_ctdivol_mgy') }}
        or {{ copies_differ('dlp_mgy_cm') }}
        or {{ copies_differ_in_word('ct_acquisition_type') }}
        or {{ copies_differ_in_word('ctdiw_phantom') }}
            as is_contradicted
    from ranked
    window tied_copies as (partition by facility_id, counted_event_key, copy_rank)

),

-- Two studies that share some events and not others: the one that loses them is too small.
final as (

    select
        * exclude (event_key, copy_rank, is_of_another_study),
        bool_or(is_of_another_study) over (partition by facility_id, study_key) as is_overlapping
    from compared

)

select * from final
