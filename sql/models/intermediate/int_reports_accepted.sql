with

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

object_ends as (

    select * from {{ ref('int_object_ends') }}

),

report_values as (

    select * from {{ ref('int_report_values') }}

),

listed as (

    select
        submission_id,
        object_sha256,
        md5(
            string_agg(
                {{ as_text(['kind', 'value_key', 'measured', 'named']) }},
                ' ' order by kind, value_key, measured, named
            )
        ) as values_stated
    from report_values
    group by submission_id, object_sha256

),

-- Of an object that was decoded again, the report of its last attempt.
final as (

    select
        dose_reports.facility_id,
        dose_reports.submission_id,
        dose_reports.object_sha256,
        dose_reports.report_key,
        dose_reports.study_key,
        md5(
            {{ as_text([
                'dose_reports.study_key',
                'dose_reports.modality',
                'dose_reports.device_key',
                'dose_reports.study_date',
                'dose_reports.patient_age_days',
                'dose_reports.patient_sex',
                'dose_reports.patient_weight_kg',
                'dose_reports.completion_flag',
                'dose_reports.study_description',
                'dose_reports.requested_procedure',
                'dose_reports.procedure_code',
                'listed.values_stated',
            ]) }}
        ) as stated
    from dose_reports
    inner join object_ends
        on
            dose_reports.submission_id = object_ends.attempt_id
            and dose_reports.object_sha256 = object_ends.object_sha256
            and object_ends.outcome = 'accepted'
    left join listed
        on
            dose_reports.submission_id = listed.submission_id
            and dose_reports.object_sha256 = listed.object_sha256

)

select * from final
