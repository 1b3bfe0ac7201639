{{ config(materialized='view') }}

with

ct_irradiation_events as (

    select * from {{ ref('stg_lake__ct_irradiation_events') }}

),

report_standings as (

    select * from {{ ref('int_report_standings') }}

),

final as (

    select ct_irradiation_events.*
    from ct_irradiation_events
    semi join report_standings
        on
            ct_irradiation_events.submission_id = report_standings.submission_id
            and ct_irradiation_events.object_sha256 = report_standings.object_sha256
            and report_standings.exclusion_reason is null

)

select * from final
