{{ config(materialized='view') }}

with

standing_events as not materialized (

    select * from {{ ref('int_counted_reports_ct_irradiation_events') }}

),

dose_reports as (

    select * from {{ ref('int_counted_reports_dose_reports') }}

),

events as not materialized (

    select
        facility_id,
        submission_id,
        object_sha256,
        {{ report_hash() }} as report_hash,
        report_key,
        study_key,
        event_key,
        {{ counted_event_key() }} as counted_event_key,
        event_index,
        acquisition_protocol,
        ct_acquisition_type,
        is_repeated_acquisition,
        target_region_code,
        scanning_length_mm,
        ctdiw_phantom,
        mean_ctdivol_mgy,
        dlp_mgy_cm,
        ssde_mgy,
        water_equivalent_diameter_mm,
        {{ event_features() }}
    from standing_events

),

copied_events as (

    select * from {{ ref('int_copied_events') }}

),

-- Where two studies share only some events, the study that loses them is incomplete.
overlapping as (

    select distinct
        facility_id,
        study_key
    from copied_events
    where is_of_another_study

),

studies_with_nameless_events as (

    select distinct
        facility_id,
        study_key
    from events
    where event_key is null

),

without_uid as (

    select
        events.facility_id,
        events.study_key
    from events
    semi join studies_with_nameless_events
        on
            events.facility_id = studies_with_nameless_events.facility_id
            and events.study_key = studies_with_nameless_events.study_key
    group by events.facility_id, events.study_key
    having min(events.report_key) <> max(events.report_key)

),

-- A CT event has another modality only where its report has, for example that of a PET-CT.
of_other_modality as (

    select
        submission_id,
        object_sha256,
        modality
    from dose_reports
    where modality <> 'CT'

),

final as (

    select
        events.facility_id,
        events.report_hash,
        events.study_key,
        coalesce(copied_events.counted_event_key, events.counted_event_key) as counted_event_key,
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
        events.kvp_kv,
        events.is_modulated,
        events.is_iterative,
        events.is_notification_configured,
        events.is_alert_configured,
        events.is_above_notification,
        events.is_dlp_alert_configured,
        events.dlp_alert_value_mgy_cm,
        coalesce(of_other_modality.modality, 'CT') as modality,
        without_uid.study_key is not null as is_without_uid,
        coalesce(copied_events.is_contradicted, false) as is_contradicted,
        overlapping.study_key is not null as is_overlapping
    from events
    left join of_other_modality
        on
            events.submission_id = of_other_modality.submission_id
            and events.object_sha256 = of_other_modality.object_sha256
    left join copied_events
        on
            events.submission_id = copied_events.submission_id
            and events.object_sha256 = copied_events.object_sha256
            and events.event_index = copied_events.event_index
    left join overlapping
        on
            events.facility_id = overlapping.facility_id
            and events.study_key = overlapping.study_key
    left join without_uid
        on
            events.facility_id = without_uid.facility_id
            and events.study_key = without_uid.study_key
    where coalesce(copied_events.copy_number, 1) = 1

)

select * from final
