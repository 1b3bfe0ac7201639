with

xray_irradiation_events as (

    select * from {{ source('lake', 'xray_irradiation_event') }}

),

validated_submissions as (

    {{ validated_submissions() }}

),

-- A submission still on its way to validation waits for the next build.
final as (

    select xray_irradiation_events.*
    from xray_irradiation_events
    semi join validated_submissions
        on xray_irradiation_events.submission_id = validated_submissions.submission_id

)

select * from final
