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

reports as (

    select * from {{ ref('int_report_standings') }}

),

events as (

    select
        submission_id,
        object_sha256,
        'ct' as kind,
        event_index,
        dlp_mgy_cm
    from ct_events

    union all

    select
        submission_id,
        object_sha256,
        'xray' as kind,
        event_index,
        cast(null as double) as dlp_mgy_cm
    from xray_events

    union all

    select
        submission_id,
        object_sha256,
        'administration' as kind,
        event_index,
        cast(null as double) as dlp_mgy_cm
    from administrations

),

final as (

    select
        reports.facility_id,
        reports.submission_id,
        reports.object_sha256,
        reports.study_key,
        reports.exclusion_reason,
        events.kind,
        events.event_index,
        events.dlp_mgy_cm
    from events
    inner join reports
        on
            events.submission_id = reports.submission_id
            and events.object_sha256 = reports.object_sha256

)

select * from final
