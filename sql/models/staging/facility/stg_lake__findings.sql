with

findings as (

    select * from {{ source('lake', 'finding') }}

),

validated_submissions as (

    {{ validated_submissions() }}

),

-- Submissions that are not validated yet are left for the next build.
final as (

    select findings.*
    from findings
    semi join validated_submissions
        on findings.submission_id = validated_submissions.submission_id

)

select * from final
