{{ config(materialized='view') }}

with

ct_events as (

    select * from {{ ref('int_events_classified') }}

),

xray_events as (

    select * from {{ ref('int_xray_event_copies') }}
    where copy_number = 1

),

administrations as (

    select * from {{ ref('int_administrations_counted_once') }}

),

final as (

    select
        facility_id,
        report_hash,
        study_key,
        modality,
        dlp_mgy_cm
    from ct_events

    union all

    select
        facility_id,
        {{ report_hash() }} as report_hash,
        study_key,
        modality,
        cast(null as double) as dlp_mgy_cm
    from xray_events

    union all

    select
        facility_id,
        {{ report_hash() }} as report_hash,
        study_key,
        modality,
        cast(null as double) as dlp_mgy_cm
    from administrations

)

select * from final
