with

object_outcomes as (

    select * from {{ source('lake', 'object_outcome') }}

),

validated_submissions as (

    {{ validated_submissions() }}

),

-- Submissions that are not validated yet are left for the next build.
final as (

    select object_outcomes.*
    from object_outcomes
    semi join validated_submissions
        on object_outcomes.submission_id = validated_submissions.submission_id

)

select * from final
