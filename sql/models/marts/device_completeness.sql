with

dose_reports as (

    select * from {{ ref('int_standing_dose_reports') }}

),

ct_events as (

    select * from {{ ref('int_standing_ct_irradiation_events') }}

),

xray_events as (

    select * from {{ ref('int_standing_xray_irradiation_events') }}

),

administrations as (

    select * from {{ ref('int_standing_radiopharmaceutical_administrations') }}

),

events as (

    select
        submission_id,
        object_sha256,
        coalesce(mean_ctdivol_mgy, dlp_mgy_cm) is not null as has_dose,
        acquisition_protocol is not null as has_protocol,
        kvp_kv is not null as has_kvp
    from ct_events

    union all

    select
        submission_id,
        object_sha256,
        coalesce(dose_area_product_gy_m2, average_glandular_dose_mgy) is not null as has_dose,
        acquisition_protocol is not null as has_protocol,
        kvp_kv is not null as has_kvp
    from xray_events

    union all

    select
        submission_id,
        object_sha256,
        administered_activity_mbq is not null as has_dose,
        null as has_protocol,
        null as has_kvp
    from administrations

),

of_reports as (

    select
        submission_id,
        object_sha256,
        count(*) as n_events,
        count_if(has_dose) as n_with_dose,
        count(has_protocol) as n_protocols_asked,
        count_if(has_protocol) as n_with_protocol,
        count(has_kvp) as n_kvp_asked,
        count_if(has_kvp) as n_with_kvp
    from events
    group by submission_id, object_sha256

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
        cast(coalesce(sum(of_reports.n_events), 0) as bigint) as n_events,
        count(dose_reports.study_date) / count(*) as study_date_share,
        count(dose_reports.patient_age_days) / count(*) as age_share,
        count(dose_reports.patient_weight_kg) / count(*) as weight_share,
        count(coalesce(dose_reports.study_description, dose_reports.requested_procedure))
        / count(*) as examination_name_share,
        sum(of_reports.n_with_dose) / nullif(sum(of_reports.n_events), 0) as dose_share,
        sum(of_reports.n_with_protocol) / nullif(sum(of_reports.n_protocols_asked), 0)
            as protocol_share,
        sum(of_reports.n_with_kvp) / nullif(sum(of_reports.n_kvp_asked), 0) as kvp_share
    from dose_reports
    left join of_reports
        on
            dose_reports.submission_id = of_reports.submission_id
            and dose_reports.object_sha256 = of_reports.object_sha256
    group by dose_reports.facility_id, dose_reports.device_key, dose_reports.modality

)

select * from final
