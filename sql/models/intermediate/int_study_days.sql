with

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

-- Reports of one study may state two days, before midnight and after: the study has one.
final as (

    select
        facility_id,
        study_key,
        min(study_date) as study_date
    from dose_reports
    group by facility_id, study_key

)

select * from final
