with

submissions as (

    select * from {{ source('lake', 'submission') }}

),

validated_submissions as (

    {{ validated_submissions() }}

),

-- Submissions that are not validated yet are left for the next build.
final as (

    select submissions.*
    from submissions
    semi join validated_submissions
        on submissions.submission_id = validated_submissions.submission_id

)

select * from final
