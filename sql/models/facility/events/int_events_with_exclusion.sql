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

reports_decoded_again as (

    select * from {{ ref('int_reports_decoded_again') }}

),

reports_excluded as (

    select * from {{ ref('int_reports_excluded') }}

),

events as (

    select
        facility_id,
        submission_id,
        object_sha256,
        study_key,
        'ct' as kind,
        dlp_mgy_cm
    from ct_events

    union all

    select
        facility_id,
        submission_id,
        object_sha256,
        study_key,
        'xray' as kind,
        cast(null as double) as dlp_mgy_cm
    from xray_events

    union all

    select
        facility_id,
        submission_id,
        object_sha256,
        study_key,
        'administration' as kind,
        cast(null as double) as dlp_mgy_cm
    from administrations

),

final as (

    select
        events.*,
        reports_excluded.exclusion_reason
    from events
    left join reports_excluded
        on
            events.submission_id = reports_excluded.submission_id
            and events.object_sha256 = reports_excluded.object_sha256
    anti join reports_decoded_again
        on
            events.submission_id = reports_decoded_again.submission_id
            and events.object_sha256 = reports_decoded_again.object_sha256

)

select * from final
