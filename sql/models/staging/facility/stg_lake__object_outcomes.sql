with

object_outcomes as (

    select * from {{ source('lake', 'object_outcome') }}

),

validated_submissions as (

    {{ validated_submissions() }}

),

-- A submission still on its way to validation waits for the next build.
final as (

    select object_outcomes.*
    from object_outcomes
    semi join validated_submissions
        on object_outcomes.submission_id = validated_submissions.submission_id

)

select * from final
