{{ config(materialized='view') }}

with

dose_reports as (

    select * from {{ ref('int_counted_reports_dose_reports') }}

),

reports_also_nuclear as (

    select * from {{ ref('int_reports_also_nuclear') }}

),

final as (

    select
        facility_id,
        submission_id,
        object_sha256,
        study_key,
        modality
    from dose_reports

    union all

    select * from reports_also_nuclear

)

select * from final
