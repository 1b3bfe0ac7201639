with

administrations as (

    select * from {{ ref('stg_lake__radiopharmaceutical_administrations') }}

),

dose_reports as (

    select * from {{ ref('int_counted_reports_dose_reports') }}

),

-- An administration belongs to nuclear medicine, also in the report of a CT.
sized as (

    select
        administrations.facility_id,
        administrations.submission_id,
        administrations.object_sha256,
        administrations.report_key,
        administrations.study_key,
        administrations.event_key,
        coalesce(
            administrations.event_key,
            administrations.report_key || '.' || administrations.event_index
        ) as counted_event_key,
        administrations.event_index,
        administrations.agent,
        administrations.radionuclide,
        administrations.administered_activity_mbq,
        'NM' as modality,
        dose_reports.completion_flag,
        dose_reports.irradiation_started_at,
        count(*) over (
            partition by
                administrations.facility_id,
                administrations.submission_id,
                administrations.object_sha256
        ) as n_report_events
    from administrations
    inner join dose_reports
        on
            administrations.submission_id = dose_reports.submission_id
            and administrations.object_sha256 = dose_reports.object_sha256

),

described as (

    select
        *,
        {{ is_without_uid() }} as is_without_uid
    from sized

),

compared as (

    {{ copies_compared('described', ['administered_activity_mbq'], ['radionuclide']) }}

),

final as (

    select * exclude (event_key, irradiation_started_at, copy_number, is_of_another_study)
    from compared
    where copy_number = 1

)

select * from final
