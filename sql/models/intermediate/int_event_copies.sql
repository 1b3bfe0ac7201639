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

sized as (

    select
        *,
        count(*) over (partition by facility_id, submission_id, object_sha256) as n_report_events
    from events

),

-- A cumulative report holds every event of the reports before it, so the largest copy wins.
ranked as (

    select
        *,
        row_number() over (
            partition by facility_id, counted_event_key
            order by
                n_report_events desc,
                report_key asc,
                submission_id asc,
                object_sha256 asc,
                event_index asc
        ) as copy_number
    from sized

),

final as (

    select * from ranked

)

select * from final
