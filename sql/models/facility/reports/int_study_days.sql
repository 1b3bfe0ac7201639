with

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

-- Reports of one study may have two dates, before and after midnight: the study gets one. Two
-- studies of a facility that share a hash by chance share a day, on all sides of the ledger alike.
final as (

    select
        facility_id,
        {{ study_hash('study_key') }} as study_hash,
        min(study_date) as study_date
    from dose_reports
    group by facility_id, study_hash

)

select * from final
