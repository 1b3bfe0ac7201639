with

object_outcomes as (

    select * from {{ ref('stg_lake__object_outcomes') }}

),

counted as (

    select
        submission_id,
        count(*) filter (where stage = 'receive') as n_received,
        count(*) filter (where outcome not in ('received', 'decoded')) as n_ended
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
        n_ended
    from counted

)

select * from final
