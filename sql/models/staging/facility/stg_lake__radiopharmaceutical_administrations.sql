with

radiopharmaceutical_administrations as (

    select * from {{ source('lake', 'radiopharmaceutical_administration') }}

),

validated_submissions as (

    {{ validated_submissions() }}

),

-- Submissions that are not validated yet are left for the next build.
final as (

    select radiopharmaceutical_administrations.*
    from radiopharmaceutical_administrations
    semi join validated_submissions
        on radiopharmaceutical_administrations.submission_id = validated_submissions.submission_id

)

select * from final
