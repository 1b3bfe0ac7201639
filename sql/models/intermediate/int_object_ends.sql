with

object_outcomes as (

    select * from {{ ref('stg_lake__object_outcomes') }}

),

-- An object that was decoded again ends as its last attempt says.
ranked as (

    select
        *,
        {{ arrival_of('submission_id') }} as arrival_id,
        row_number() over (
            partition by arrival_id, object_index
            order by
                {{ attempt_number('submission_id') }} desc,
                list_position(['validate', 'decode', 'receive'], stage)
        ) as ends_back
    from object_outcomes

),

final as (

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
