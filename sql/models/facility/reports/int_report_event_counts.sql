{{ config(materialized='view') }}

with

ct_events as (

    select * from {{ ref('stg_lake__ct_irradiation_events') }}

),

xray_events as (

    select * from {{ ref('stg_lake__xray_irradiation_events') }}

),

administrations as (

    select * from {{ ref('stg_lake__radiopharmaceutical_administrations') }}

),

events as (

    select
        {{ report_hash() }} as report_hash,
        event_key is not null as has_key,
        coalesce(mean_ctdivol_mgy, dlp_mgy_cm) is not null as has_dose,
        acquisition_protocol is not null as has_protocol,
        kvp_kv is not null as has_kvp,
        water_equivalent_diameter_mm is not null as has_size
    from ct_events

    union all

    select
        {{ report_hash() }} as report_hash,
        event_key is not null as has_key,
        coalesce(dose_area_product_gy_m2, average_glandular_dose_mgy) is not null as has_dose,
        acquisition_protocol is not null as has_protocol,
        kvp_kv is not null as has_kvp,
        compression_thickness_mm is not null as has_size
    from xray_events

    union all

    select
        {{ report_hash() }} as report_hash,
        event_key is not null as has_key,
        administered_activity_mbq is not null as has_dose,
        null as has_protocol,
        null as has_kvp,
        null as has_size
    from administrations

),

final as (

    select
        report_hash,
        count(*) as n_events,
        count_if(has_key) as n_with_key,
        count_if(has_dose) as n_with_dose,
        count(has_protocol) as n_protocols_asked,
        count_if(has_protocol) as n_with_protocol,
        count(has_kvp) as n_kvp_asked,
        count_if(has_kvp) as n_with_kvp,
        count_if(has_size) as n_with_size
    from events
    group by report_hash

)

select * from final
