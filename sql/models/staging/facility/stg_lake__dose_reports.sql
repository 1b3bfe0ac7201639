with

dose_reports as (

    select * from {{ source('lake', 'dose_report') }}

),

validated_submissions as (

    {{ validated_submissions() }}

),

-- Submissions that are not validated yet are left for the next build.
final as (

    select dose_reports.*
    from dose_reports
    semi join validated_submissions
        on dose_reports.submission_id = validated_submissions.submission_id

)

select * from final
