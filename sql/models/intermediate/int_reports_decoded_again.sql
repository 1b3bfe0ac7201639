with

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

attempts as (

    select * from {{ ref('int_attempts') }}

),

object_ends as (

    select * from {{ ref('int_object_ends') }}

),

-- Few of many. Of an object that was decoded again, the report of its last attempt counts.
final as (

    select
        dose_reports.submission_id,
        dose_reports.object_sha256
    from dose_reports
    semi join attempts
        on dose_reports.submission_id = attempts.submission_id and attempts.n_repetitions > 0
    anti join object_ends
        on
            dose_reports.submission_id = object_ends.attempt_id
            and dose_reports.object_sha256 = object_ends.object_sha256
            and object_ends.outcome = 'accepted'

)

select * from final
