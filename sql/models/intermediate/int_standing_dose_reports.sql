{{ config(materialized='view') }}

with

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

report_standings as (

    select * from {{ ref('int_report_standings') }}

),

final as (

    select dose_reports.*
    from dose_reports
    semi join report_standings
        on
            dose_reports.submission_id = report_standings.submission_id
            and dose_reports.object_sha256 = report_standings.object_sha256
            and report_standings.exclusion_reason is null

)

select * from final
