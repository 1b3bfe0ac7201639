{{ config(schema='marts', contract={'enforced': true}) }}

with

object_outcomes as not materialized (

    select * from {{ ref('stg_lake__object_outcomes') }}

),

attempts as (

    select * from {{ ref('int_decode_attempts') }}

),

-- Objects that were decoded once and have a final outcome.
plain_arrivals as (

    select submission_id
    from attempts
    where n_repetitions = 0 and n_received = n_ended

),

plain_ends as (

    select
        object_outcomes.facility_id,
        object_outcomes.submission_id,
        object_outcomes.submission_id as attempt_id,
        object_outcomes.object_index,
        object_outcomes.object_sha256,
        object_outcomes.stage,
        object_outcomes.outcome,
        object_outcomes.reason_code
    from object_outcomes
    semi join plain_arrivals on object_outcomes.submission_id = plain_arrivals.submission_id
    where object_outcomes.outcome not in ('received', 'decoded')

),

repeated_attempts as (

    select attempts.*
    from attempts
    anti join plain_arrivals on attempts.submission_id = plain_arrivals.submission_id

),

-- The few others: an object that was decoded again has the outcome of its last attempt.
ranked as (

    select
        object_outcomes.*,
        repeated_attempts.arrival_id,
        row_number() over (
            partition by repeated_attempts.arrival_id, object_outcomes.object_index
            order by
                repeated_attempts.attempt_number desc,
                list_position(['validate', 'decode', 'receive'], object_outcomes.stage)
        ) as ends_back
    from object_outcomes
    inner join repeated_attempts
        on object_outcomes.submission_id = repeated_attempts.submission_id

),

final as (

    select * from plain_ends

    union all

    select
        facility_id,
        arrival_id as submission_id,
        submission_id as attempt_id,
        object_index,
        object_sha256,
        stage,
        outcome,
        reason_code
    from ranked
    where ends_back = 1

)

select * from final
