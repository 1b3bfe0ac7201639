with

accepted as not materialized (

    select * from {{ ref('int_reports_accepted') }}

),

reports as not materialized (

    select
        facility_id,
        submission_id,
        object_sha256,
        hash(facility_id, report_key) as report_hash,
        hash(facility_id, study_key) as study_hash,
        hash(
            facility_id,
            modality,
            device_key,
            study_date,
            patient_age_days,
            patient_sex,
            irradiation_started_at
        ) as circumstances_hash
    from accepted

),

report_hashes as (

    {{ repeated_hashes('reports', 'report_hash') }}

),

circumstances_hashes as (

    {{ repeated_hashes('reports', 'circumstances_hash') }}

),

-- An examination that was sent again has a report with the same device, day, patient and start.
study_hashes as (

    select distinct reports.study_hash
    from reports
    semi join circumstances_hashes
        on reports.circumstances_hash = circumstances_hashes.key_hash

),

-- Lists only reports that share a hash with another; the rest are unique and need no comparison.
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
