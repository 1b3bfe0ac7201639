with

accepted as (

    select * from {{ ref('int_reports_accepted') }}

),

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

reports as (

    select
        accepted.facility_id,
        accepted.submission_id,
        accepted.object_sha256,
        hash(accepted.facility_id, accepted.report_key) as report_hash,
        hash(accepted.facility_id, accepted.study_key) as study_hash,
        hash(
            accepted.facility_id,
            dose_reports.modality,
            dose_reports.device_key,
            dose_reports.study_date,
            dose_reports.patient_age_days,
            dose_reports.patient_sex,
            dose_reports.irradiation_started_at
        ) as circumstances_hash
    from accepted
    inner join dose_reports
        on
            accepted.submission_id = dose_reports.submission_id
            and accepted.object_sha256 = dose_reports.object_sha256

),

report_hashes as (

    {{ repeated_hashes('reports', 'report_hash') }}

),

circumstances_hashes as (

    {{ repeated_hashes('reports', 'circumstances_hash') }}

),

-- An examination that was sent again has a report in the circumstances of another one.
study_hashes as (

    select distinct reports.study_hash
    from reports
    semi join circumstances_hashes
        on reports.circumstances_hash = circumstances_hashes.key_hash

),

-- Few of many: what is not in this list is like no other, and need not be read to know it.
final as (

    select
        reports.facility_id,
        reports.submission_id,
        reports.object_sha256,
        report_hashes.key_hash is not null as is_report_repeated,
        study_hashes.study_hash is not null as is_study_repeated
    from reports
    left join report_hashes on reports.report_hash = report_hashes.key_hash
    left join study_hashes on reports.study_hash = study_hashes.study_hash
    where report_hashes.key_hash is not null or study_hashes.study_hash is not null

)

select * from final
