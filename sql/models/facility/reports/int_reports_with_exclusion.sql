{{ config(materialized='view') }}

with

accepted as (

    select * from {{ ref('int_reports_accepted') }}

),

reports_excluded as (

    select * from {{ ref('int_reports_excluded') }}

),

final as (

    select
        accepted.facility_id,
        accepted.submission_id,
        accepted.object_sha256,
        {{ report_hash('accepted') }} as report_hash,
        accepted.report_key,
        accepted.study_key,
        reports_excluded.exclusion_reason
    from accepted
    left join reports_excluded
        on
            accepted.submission_id = reports_excluded.submission_id
            and accepted.object_sha256 = reports_excluded.object_sha256

)

select * from final
