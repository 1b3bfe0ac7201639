with

mammography_accumulated_doses as (

    select * from {{ source('lake', 'mammography_accumulated_dose') }}

),

validated_submissions as (

    select * from {{ ref('stg_lake__validated_submissions') }}

),

-- A submission still on its way to validation waits for the next build.
final as (

    select mammography_accumulated_doses.*
    from mammography_accumulated_doses
    semi join validated_submissions
        on mammography_accumulated_doses.submission_id = validated_submissions.submission_id

)

select * from final
