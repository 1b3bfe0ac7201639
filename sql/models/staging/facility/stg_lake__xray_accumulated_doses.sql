with

xray_accumulated_doses as (

    select * from {{ source('lake', 'xray_accumulated_dose') }}

),

validated_submissions as (

    {{ validated_submissions() }}

),

-- Submissions that are not validated yet are left for the next build.
final as (

    select xray_accumulated_doses.*
    from xray_accumulated_doses
    semi join validated_submissions
        on xray_accumulated_doses.submission_id = validated_submissions.submission_id

)

select * from final
