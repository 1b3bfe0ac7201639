with

object_outcomes as (

    select * from {{ ref('stg_lake__object_outcomes') }}

),

-- Aggregates millions of objects to one row per submission, for all models that count objects. Two
-- sets of objects are equal where their sizes and the sums of their hashes are equal.
counted as (

    select
        submission_id,
        count(*) filter (where stage = 'receive') as n_received,
        count(*) filter (where stage = 'validate' and outcome = 'accepted') as n_accepted,
        count(*) filter (where outcome = 'held') as n_held,
        count(*) filter (where outcome = 'quarantined') as n_quarantined,
        count(*) filter (where stage = 'receive' and outcome = 'duplicate') as n_duplicate,
        count(*) filter (where outcome not in ('received', 'decoded')) as n_ended,
        sum(hash(object_sha256)) filter (where stage = 'validate' and outcome = 'accepted')
            as sum_of_accepted_hashes
    from object_outcomes
    group by submission_id

),

final as (

    select
        submission_id,
        {{ arrival_of('submission_id') }} as arrival_id,
        {{ attempt_number('submission_id') }} as attempt_number,
        max({{ attempt_number('submission_id') }}) over (
            partition by {{ arrival_of('submission_id') }}
        ) as n_repetitions,
        n_received,
        n_accepted,
        n_held,
        n_quarantined,
        n_duplicate,
        n_ended,
        sum_of_accepted_hashes
    from counted

)

select * from final
