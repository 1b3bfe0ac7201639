{{ config(schema='marts', contract={'enforced': true}) }}

with

report_completeness as (

    select * from {{ ref('int_report_completeness') }}

),

-- Value for a manufacturer, model or version that the report does not name.
named as (

    select
        * replace (
            coalesce(manufacturer, 'unknown') as manufacturer,
            coalesce(model_name, 'unknown') as model_name,
            coalesce(software_versions, 'unknown') as software_versions
        )
    from report_completeness

),

final as (

    select
        manufacturer,
        model_name,
        software_versions,
        modality,
        count(distinct facility_id) as n_facilities,
        count(distinct device_key) as n_devices,
        cast(sum(n_reports) as bigint) as n_reports,
        cast(sum(if(is_excluded, n_reports, 0)) as bigint) as n_excluded_reports,
        cast(sum(n_findings) as bigint) as n_findings,
        cast(sum(n_events) as bigint) as n_events,
        sum(n_with_study_date) / sum(n_reports) as study_date_share,
        sum(n_with_age) / sum(n_reports) as age_share,
        sum(n_with_weight) / sum(n_reports) as weight_share,
        sum(n_with_name) / sum(n_reports) as examination_name_share,
        sum(n_with_key) / nullif(sum(n_events), 0) as event_key_share,
        sum(n_with_dose) / nullif(sum(n_events), 0) as dose_share,
        sum(n_with_protocol) / nullif(sum(n_events), 0) as protocol_share,
        sum(n_with_kvp) / nullif(sum(n_events), 0) as kvp_share,
        sum(n_with_size) / nullif(sum(n_events), 0) as patient_size_share
    from named
    group by manufacturer, model_name, software_versions, modality

)

select * from final
