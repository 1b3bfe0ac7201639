with

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

object_ends as (

    select * from {{ ref('int_object_ends') }}

),

-- Of an object that was decoded again, the report of its last attempt.
final as (

    select
        dose_reports.facility_id,
        dose_reports.submission_id,
        dose_reports.object_sha256,
        dose_reports.report_key,
        dose_reports.study_key
    from dose_reports
    inner join object_ends
        on
            dose_reports.submission_id = object_ends.attempt_id
            and dose_reports.object_sha256 = object_ends.object_sha256
            and object_ends.outcome = 'accepted'

)

select * from final
