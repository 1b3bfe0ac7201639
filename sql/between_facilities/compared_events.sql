{#- Every event with a UID, with its doses as one hash. -#}
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

final as (

    select
        facility_id,
        submission_id,
        object_sha256,
        event_key,
        hash(mean_ctdivol_mgy, dlp_mgy_cm) as dose_hash,
        cast(null as varchar) as started_at
    from ct_events
    where event_key is not null

    union all

    select
        facility_id,
        submission_id,
        object_sha256,
        event_key,
        hash(dose_area_product_gy_m2, dose_rp_gy, average_glandular_dose_mgy) as dose_hash,
        started_at
    from xray_events
    where event_key is not null

    union all

    select
        facility_id,
        submission_id,
        object_sha256,
        event_key,
        hash(administered_activity_mbq) as dose_hash,
        started_at
    from administrations
    where event_key is not null

)

select * from final
