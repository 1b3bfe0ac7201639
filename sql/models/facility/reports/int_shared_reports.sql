with

shared_reports as (

    select * from {{ ref('stg_lake__shared_reports') }}

),

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

final as (

    select
        shared_reports.*,
        dose_reports.manufacturer,
        dose_reports.model_name
    from shared_reports
    inner join dose_reports
        on
            shared_reports.submission_id = dose_reports.submission_id
            and shared_reports.object_sha256 = dose_reports.object_sha256

)

select * from final
