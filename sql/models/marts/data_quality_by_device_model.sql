with

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

reports_excluded as (

    select * from {{ ref('int_reports_excluded') }}

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

-- What a maker, a model or a version is called where the report does not say it.
joined as (

    select
        dose_reports.facility_id,
        dose_reports.device_key,
        coalesce(dose_reports.manufacturer, 'unknown') as manufacturer,
        coalesce(dose_reports.model_name, 'unknown') as model_name,
        coalesce(dose_reports.software_versions, 'unknown') as software_versions,
        dose_reports.modality,
        dose_reports.study_date is not null as has_study_date,
        dose_reports.patient_age_days is not null as has_age,
        dose_reports.patient_weight_kg is not null as has_weight,
        coalesce(dose_reports.study_description, dose_reports.requested_procedure) is not null
            as has_name,
        reports_excluded.exclusion_reason is not null as is_excluded,
        coalesce(findings.n_findings, 0) as n_findings,
        event_counts.* exclude (submission_id, object_sha256)
    from dose_reports
    left join reports_excluded
        on
            dose_reports.submission_id = reports_excluded.submission_id
            and dose_reports.object_sha256 = reports_excluded.object_sha256
    left join findings
        on
            dose_reports.submission_id = findings.submission_id
            and dose_reports.object_sha256 = findings.object_sha256
    left join event_counts
        on
            dose_reports.submission_id = event_counts.submission_id
            and dose_reports.object_sha256 = event_counts.object_sha256

),

final as (

    select
        manufacturer,
        model_name,
        software_versions,
        modality,
        count(distinct facility_id) as n_facilities,
        count(distinct device_key) as n_devices,
        count(*) as n_reports,
        count(*) filter (where is_excluded) as n_excluded_reports,
        cast(sum(n_findings) as bigint) as n_findings,
        cast(coalesce(sum(n_events), 0) as bigint) as n_events,
        count_if(has_study_date) / count(*) as study_date_share,
        count_if(has_age) / count(*) as age_share,
        count_if(has_weight) / count(*) as weight_share,
        count_if(has_name) / count(*) as examination_name_share,
        cast(sum(n_with_key) as bigint) / nullif(sum(n_events), 0) as event_key_share,
        cast(sum(n_with_dose) as bigint) / nullif(sum(n_events), 0) as dose_share,
        cast(sum(n_with_protocol) as bigint) / nullif(sum(n_events), 0) as protocol_share,
        cast(sum(n_with_kvp) as bigint) / nullif(sum(n_events), 0) as kvp_share,
        cast(sum(n_with_size) as bigint) / nullif(sum(n_events), 0) as patient_size_share
    from joined
    group by manufacturer, model_name, software_versions, modality

)

select * from final
