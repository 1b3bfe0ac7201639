-- Per submission: the objects accepted are the dose reports that the statistics read.
{{ config(tags=['ledger']) }}

with

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

object_outcomes as (

    select * from {{ ref('stg_lake__object_outcomes') }}

),

accepted as (

    select
        submission_id,
        object_sha256
    from object_outcomes
    where stage = 'validate' and outcome = 'accepted'

),

final as (

    select
        coalesce(accepted.submission_id, dose_reports.submission_id) as submission_id,
        count(accepted.object_sha256) as n_accepted,
        count(dose_reports.object_sha256) as n_dose_reports
    from accepted
    full outer join dose_reports
        on
            accepted.submission_id = dose_reports.submission_id
            and accepted.object_sha256 = dose_reports.object_sha256
    where accepted.object_sha256 is null or dose_reports.object_sha256 is null
    group by all

)

select * from final
