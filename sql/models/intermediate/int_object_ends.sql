with

object_outcomes as (

    select * from {{ ref('stg_lake__object_outcomes') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by submission_id, object_index
            order by list_position(['validate', 'decode', 'receive'], stage)
        ) as stages_back
    from object_outcomes

),

final as (

    select
        facility_id,
        submission_id,
        object_index,
        object_sha256,
        stage,
        outcome,
        reason_code
    from ranked
    where stages_back = 1

)

select * from final
