with

ct_accumulated_doses as (

    select * from {{ source('lake', 'ct_accumulated_dose') }}

),

validated_submissions as (

    {{ validated_submissions() }}

),

-- Submissions that are not validated yet are left for the next build.
final as (

    select ct_accumulated_doses.*
    from ct_accumulated_doses
    semi join validated_submissions
        on ct_accumulated_doses.submission_id = validated_submissions.submission_id

)

select * from final
