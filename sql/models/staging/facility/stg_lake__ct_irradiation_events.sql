with

ct_irradiation_events as (

    select * from {{ source('lake', 'ct_irradiation_event') }}

),

validated_submissions as (

    {{ validated_submissions() }}

),

-- Submissions that are not validated yet are left for the next build.
final as (

    select ct_irradiation_events.*
    from ct_irradiation_events
    semi join validated_submissions
        on ct_irradiation_events.submission_id = validated_submissions.submission_id

)

select * from final
