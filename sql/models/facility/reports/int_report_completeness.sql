with

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

reports_excluded as (

    select * from {{ ref('int_reports_excluded') }}

),

reports_not_counted as (

    select * from {{ ref('int_reports_not_counted') }}

),

findings as (

    select
        submission_id,
        object_sha256,
        count(*) as n_findings
    from {{ ref('stg_lake__findings') }}
    where object_sha256 is not null
    group by submission_id, object_sha256

),

event_counts as (

    select * from {{ ref('int_report_event_counts') }}

),

-- Aggregates millions of reports to a few rows per device, for the completeness of devices and of
-- models. A report that was decoded again is neither used nor excluded.
final as (

    select
        dose_reports.facility_id,
        dose_reports.device_key,
        dose_reports.modality,
        dose_reports.manufacturer,
        dose_reports.model_name,
        dose_reports.software_versions,
        reports_excluded.exclusion_reason is not null as is_excluded,
        reports_not_counted.submission_id is null as is_standing,
        count(*) as n_reports,
        count(dose_reports.study_date) as n_with_study_date,
        count(dose_reports.patient_age_days) as n_with_age,
        count(dose_reports.patient_weight_kg) as n_with_weight,
        count(coalesce(dose_reports.study_description, dose_reports.requested_procedure))
            as n_with_name,
        cast(coalesce(sum(findings.n_findings), 0) as bigint) as n_findings,
        cast(coalesce(sum(event_counts.n_events), 0) as bigint) as n_events,
        cast(sum(event_counts.n_with_key) as bigint) as n_with_key,
        cast(sum(event_counts.n_with_dose) as bigint) as n_with_dose,
        cast(sum(event_counts.n_protocols_asked) as bigint) as n_protocols_asked,
        cast(sum(event_counts.n_with_protocol) as bigint) as n_with_protocol,
        cast(sum(event_counts.n_kvp_asked) as bigint) as n_kvp_asked,
        cast(sum(event_counts.n_with_kvp) as bigint) as n_with_kvp,
        cast(sum(event_counts.n_with_size) as bigint) as n_with_size
    from dose_reports
    left join reports_excluded
        on
            dose_reports.submission_id = reports_excluded.submission_id
            and dose_reports.object_sha256 = reports_excluded.object_sha256
    left join reports_not_counted
        on
            dose_reports.submission_id = reports_not_counted.submission_id
            and dose_reports.object_sha256 = reports_not_counted.object_sha256
    left join findings
        on
            dose_reports.submission_id = findings.submission_id
            and dose_reports.object_sha256 = findings.object_sha256
    left join event_counts
        on {{ report_hash('dose_reports') }} = event_counts.report_hash
    group by all

)

select * from final
