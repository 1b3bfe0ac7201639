{{ config(materialized='view') }}

with

radiopharmaceutical_administrations as (

    select * from {{ ref('stg_lake__radiopharmaceutical_administrations') }}

),

report_standings as (

    select * from {{ ref('int_report_standings') }}

),

final as (

    select radiopharmaceutical_administrations.*
    from radiopharmaceutical_administrations
    semi join report_standings
        on
            radiopharmaceutical_administrations.submission_id = report_standings.submission_id
            and radiopharmaceutical_administrations.object_sha256 = report_standings.object_sha256
            and report_standings.exclusion_reason is null

)

select * from final
