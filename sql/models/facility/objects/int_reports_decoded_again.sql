with

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

attempts as (

    select * from {{ ref('int_decode_attempts') }}

),

final_outcomes as (

    select * from {{ ref('object_outcomes') }}

),

-- Only objects that were decoded again, which are few: the report of the last attempt is used.
final as (

    select
        dose_reports.submission_id,
        dose_reports.object_sha256
    from dose_reports
    semi join attempts
        on dose_reports.submission_id = attempts.submission_id and attempts.n_repetitions > 0
    anti join final_outcomes
        on
            dose_reports.submission_id = final_outcomes.attempt_id
            and dose_reports.object_sha256 = final_outcomes.object_sha256
            and final_outcomes.outcome = 'accepted'

)

select * from final
