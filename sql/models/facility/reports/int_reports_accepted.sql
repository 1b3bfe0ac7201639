{{ config(materialized='view') }}

with

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

reports_decoded_again as (

    select * from {{ ref('int_reports_decoded_again') }}

),

-- The test ledger_accepted_reports checks that each report belongs to an accepted object.
final as (

    select
        dose_reports.facility_id,
        dose_reports.submission_id,
        dose_reports.object_sha256,
        dose_reports.report_key,
        dose_reports.study_key,
        dose_reports.modality,
        dose_reports.device_key,
        dose_reports.study_date,
        dose_reports.patient_age_days,
        dose_reports.patient_sex,
        dose_reports.irradiation_started_at,
        dose_reports.irradiation_ended_at
    from dose_reports
    anti join reports_decoded_again
        on
            dose_reports.submission_id = reports_decoded_again.submission_id
            and dose_reports.object_sha256 = reports_decoded_again.object_sha256

)

select * from final
