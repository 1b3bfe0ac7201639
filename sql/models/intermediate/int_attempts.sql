with

object_counts as (

    select * from {{ ref('int_object_counts') }}

),

counted as (

    select
        submission_id,
        sum(if(stage = 'receive', n_objects, 0)) as n_received,
        sum(if(outcome not in ('received', 'decoded'), n_objects, 0)) as n_ended
    from object_counts
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
