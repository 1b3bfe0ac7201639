with

dose_reports as (

    select * from {{ ref('int_standing_dose_reports') }}

),

event_counts as (

    select * from {{ ref('int_report_event_counts') }}

),

-- A device is told apart by its keyed serial number; reports without one stand together.
final as (

    select
        dose_reports.facility_id,
        dose_reports.device_key,
        dose_reports.modality,
        last(
            dose_reports.manufacturer
            order by dose_reports.study_date nulls first, dose_reports.report_key
        ) as manufacturer,
        last(
            dose_reports.model_name
            order by dose_reports.study_date nulls first, dose_reports.report_key
        ) as model_name,
        count(*) as n_reports,
        cast(coalesce(sum(event_counts.n_events), 0) as bigint) as n_events,
        count(dose_reports.study_date) / count(*) as study_date_share,
        count(dose_reports.patient_age_days) / count(*) as age_share,
        count(dose_reports.patient_weight_kg) / count(*) as weight_share,
        count(coalesce(dose_reports.study_description, dose_reports.requested_procedure))
        / count(*) as examination_name_share,
        sum(event_counts.n_with_dose) / nullif(sum(event_counts.n_events), 0) as dose_share,
        sum(event_counts.n_with_protocol) / nullif(sum(event_counts.n_protocols_asked), 0)
            as protocol_share,
        sum(event_counts.n_with_kvp) / nullif(sum(event_counts.n_kvp_asked), 0) as kvp_share
    from dose_reports
    left join event_counts
        on
            dose_reports.submission_id = event_counts.submission_id
            and dose_reports.object_sha256 = event_counts.object_sha256
    group by dose_reports.facility_id, dose_reports.device_key, dose_reports.modality

)

select * from final
