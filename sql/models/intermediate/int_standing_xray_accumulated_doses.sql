{{ config(materialized='view') }}

with

xray_accumulated_doses as (

    select * from {{ ref('stg_lake__xray_accumulated_doses') }}

),

report_standings as (

    select * from {{ ref('int_report_standings') }}

),

final as (

    select xray_accumulated_doses.*
    from xray_accumulated_doses
    semi join report_standings
        on
            xray_accumulated_doses.submission_id = report_standings.submission_id
            and xray_accumulated_doses.object_sha256 = report_standings.object_sha256
            and report_standings.exclusion_reason is null

)

select * from final
