with

accepted as (

    select * from {{ ref('int_reports_accepted') }}

),

versions_excluded as (

    select * from {{ ref('int_versions_excluded') }}

),

scans_again as (

    select * from {{ ref('int_scans_again') }}

),

reports_compared as (

    select * from {{ ref('int_reports_to_compare') }}
    where is_study_repeated

),

report_values as (

    select * from {{ ref('int_report_values') }}

),

statements as (

    select * from {{ ref('int_statements_in_force') }}

),

reports as (

    select
        accepted.facility_id,
        accepted.submission_id,
        accepted.object_sha256,
        accepted.study_key,
        {{ as_text([
            'accepted.modality',
            'accepted.device_key',
            'accepted.study_date',
            'accepted.patient_age_days',
            'accepted.patient_sex',
            'accepted.irradiation_started_at',
        ]) }} as circumstances
    from accepted
    semi join reports_compared
        on
            accepted.submission_id = reports_compared.submission_id
            and accepted.object_sha256 = reports_compared.object_sha256
    anti join versions_excluded
        on
            accepted.submission_id = versions_excluded.submission_id
            and accepted.object_sha256 = versions_excluded.object_sha256
    anti join scans_again
        on
            accepted.submission_id = scans_again.submission_id
            and accepted.object_sha256 = scans_again.object_sha256

),

examined as (

    select
        facility_id,
        study_key,
        cast(list(distinct circumstances order by circumstances) as varchar) as circumstances
    from reports
    group by facility_id, study_key

),

-- An event in several reports of the study is one event here too; its parts in one report are not.
distinct_values as (

    select distinct
        reports.facility_id,
        reports.study_key,
        report_values.kind,
        report_values.value_key,
        report_values.number_of_equal,
        report_values.measured,
        report_values.is_with_dose
    from reports
    inner join report_values
        on
            reports.submission_id = report_values.submission_id
            and reports.object_sha256 = report_values.object_sha256

),

measured as (

    select
        facility_id,
        study_key,
        bool_or(is_with_dose) as is_with_dose,
        string_agg(kind || measured, ' ' order by kind, measured) as measured
    from distinct_values
    group by facility_id, study_key

),

told_apart as (

    select distinct
        reports.facility_id,
        reports.study_key
    from reports
    inner join statements
        on
            reports.facility_id = statements.facility_id
            and reports.object_sha256 = statements.object_sha256
    where statements.statement = 'confirmed_other'

),

-- Studies without any dose would all be equal.
final as (

    select
        measured.facility_id,
        measured.study_key,
        md5(examined.circumstances || measured.measured) as fingerprint,
        told_apart.study_key is not null as is_told_apart
    from measured
    inner join examined
        on
            measured.facility_id = examined.facility_id
            and measured.study_key = examined.study_key
    left join told_apart
        on
            measured.facility_id = told_apart.facility_id
            and measured.study_key = told_apart.study_key
    where measured.is_with_dose

)

select * from final
