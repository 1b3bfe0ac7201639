{{ config(schema='marts', contract={'enforced': true}) }}

with

report_completeness as (

    select * from {{ ref('int_report_completeness') }}
    where is_standing

),

devices as (

    select * from {{ ref('dim_devices') }}

),

-- A device is identified by its keyed serial number; reports without one form one row.
summed as (

    select
        facility_id,
        device_key,
        modality,
        cast(sum(n_reports) as bigint) as n_reports,
        cast(sum(n_events) as bigint) as n_events,
        sum(n_with_study_date) / sum(n_reports) as study_date_share,
        sum(n_with_age) / sum(n_reports) as age_share,
        sum(n_with_weight) / sum(n_reports) as weight_share,
        sum(n_with_name) / sum(n_reports) as examination_name_share,
        sum(n_with_dose) / nullif(sum(n_events), 0) as dose_share,
        sum(n_with_protocol) / nullif(sum(n_protocols_asked), 0) as protocol_share,
        sum(n_with_kvp) / nullif(sum(n_kvp_asked), 0) as kvp_share
    from report_completeness
    group by facility_id, device_key, modality

),

final as (

    select
        summed.facility_id,
        summed.device_key,
        summed.modality,
        devices.manufacturer,
        devices.model_name,
        summed.* exclude (facility_id, device_key, modality)
    from summed
    left join devices
        on
            summed.facility_id = devices.facility_id
            and summed.device_key is not distinct from devices.device_key

)

select * from final
