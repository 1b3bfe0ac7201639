with

reports_compared as (

    select * from {{ ref('int_reports_compared') }}
    where is_report_repeated

),

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

report_values as (

    select * from {{ ref('int_report_values') }}

),

listed as (

    select
        report_values.submission_id,
        report_values.object_sha256,
        md5(
            string_agg(
                {{ as_text([
                    'report_values.kind',
                    'report_values.value_key',
                    'report_values.measured',
                    'report_values.named',
                ]) }},
                ' '
                order by
                    report_values.kind,
                    report_values.value_key,
                    report_values.measured,
                    report_values.named
            )
        ) as values_stated
    from report_values
    group by report_values.submission_id, report_values.object_sha256

),

final as (

    select
        reports_compared.facility_id,
        reports_compared.submission_id,
        reports_compared.object_sha256,
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
    from reports_compared
    inner join dose_reports
        on
            reports_compared.submission_id = dose_reports.submission_id
            and reports_compared.object_sha256 = dose_reports.object_sha256
    left join listed
        on
            reports_compared.submission_id = listed.submission_id
            and reports_compared.object_sha256 = listed.object_sha256

)

select * from final
