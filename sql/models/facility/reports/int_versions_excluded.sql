with

reports as (

    select * from {{ ref('int_reports_accepted') }}

),

reports_to_compare as (

    select * from {{ ref('int_reports_to_compare') }}
    where is_report_repeated

),

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

statements as (

    select * from {{ ref('int_statements_in_force') }}

),

values_stated as (

    select
        submission_id,
        object_sha256,
        md5(
            string_agg(
                {{ as_text(['kind', 'value_key', 'measured', 'named']) }}, ' '
                order by kind, value_key, measured, named
            )
        ) as values_stated
    from {{ ref('int_report_values') }}
    group by submission_id, object_sha256

),

-- All values of a report, as one text.
report_contents as (

    select
        submission_id,
        object_sha256,
        md5(
            {{ as_text([
                'study_key',
                'modality',
                'device_key',
                'study_date',
                'patient_age_days',
                'patient_sex',
                'patient_weight_kg',
                'patient_height_cm',
                'completion_flag',
                'study_description',
                'requested_procedure',
                'procedure_code',
                'values_stated',
            ]) }}
        ) as stated
    from dose_reports
    semi join reports_to_compare using (submission_id, object_sha256)
    left join values_stated using (submission_id, object_sha256)

),

withdrawn as (

    select
        facility_id,
        object_sha256,
        case when bool_or(statement = 'retracted') then 'retracted' else 'superseded' end
            as withdrawal
    from statements
    where statement in ('retracted', 'superseded')
    group by facility_id, object_sha256

),

-- Reports that are not withdrawn and have no other version are left out.
looked_at as (

    select
        reports.facility_id,
        reports.submission_id,
        reports.object_sha256,
        reports.report_key,
        reports.study_key,
        withdrawn.withdrawal,
        report_contents.stated
    from reports
    left join withdrawn
        on
            reports.facility_id = withdrawn.facility_id
            and reports.object_sha256 = withdrawn.object_sha256
    left join report_contents
        on
            reports.submission_id = report_contents.submission_id
            and reports.object_sha256 = report_contents.object_sha256
    where withdrawn.withdrawal is not null or report_contents.stated is not null

),

-- Versions of one report: the order of arrival must not decide between them.
compared as (

    select
        *,
        min(stated) over versions <> max(stated) over versions as is_in_conflict,
        row_number() over (
            partition by facility_id, report_key, withdrawal is null
            order by object_sha256 asc
        ) as version_number
    from looked_at
    window versions as (partition by facility_id, report_key, withdrawal is null)

),

final as (

    select
        facility_id,
        submission_id,
        object_sha256,
        report_key,
        study_key,
        case
            when withdrawal is not null then withdrawal
            when is_in_conflict then 'instance_conflict'
            else 'duplicate_content'
        end as exclusion_reason
    from compared
    where withdrawal is not null or is_in_conflict or version_number > 1

)

select * from final
