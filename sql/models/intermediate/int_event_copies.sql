with

events as (

    select
        facility_id,
        submission_id,
        object_sha256,
        report_key,
        study_key,
        coalesce(event_key, report_key || '.' || event_index) as counted_event_key,
        event_index,
        acquisition_protocol,
        ct_acquisition_type,
        ctdiw_phantom,
        mean_ctdivol_mgy,
        dlp_mgy_cm
    from {{ ref('stg_lake__ct_irradiation_events') }}

),

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

sized as (

    select
        events.*,
        dose_reports.modality,
        count(*) over (
            partition by events.facility_id, events.submission_id, events.object_sha256
        ) as n_report_events
    from events
    left join dose_reports
        on
            events.submission_id = dose_reports.submission_id
            and events.object_sha256 = dose_reports.object_sha256

),

final as (

    select
        *,
        {{ copy_number() }} as copy_number
    from sized

)

select * from final
