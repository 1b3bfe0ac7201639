with

administrations as (

    select * from {{ ref('stg_lake__radiopharmaceutical_administrations') }}

),

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

sized as (

    select
        administrations.facility_id,
        administrations.submission_id,
        administrations.object_sha256,
        administrations.report_key,
        administrations.study_key,
        coalesce(
            administrations.event_key,
            administrations.report_key || '.' || administrations.event_index
        ) as counted_event_key,
        administrations.event_index,
        administrations.agent,
        administrations.radionuclide,
        administrations.administered_activity_mbq,
        dose_reports.modality,
        count(*) over (
            partition by
                administrations.facility_id,
                administrations.submission_id,
                administrations.object_sha256
        ) as n_report_events
    from administrations
    left join dose_reports
        on
            administrations.submission_id = dose_reports.submission_id
            and administrations.object_sha256 = dose_reports.object_sha256

),

ranked as (

    select
        *,
        {{ copy_number() }} as copy_number
    from sized

),

final as (

    select * exclude (copy_number)
    from ranked
    where copy_number = 1

)

select * from final
