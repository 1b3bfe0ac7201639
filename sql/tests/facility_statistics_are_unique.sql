-- One row per key and source; facility and device are NULL where the unit of analysis has none.
with

facility_statistics as (

    select * from {{ ref('fct_facility_statistics') }}

),

final as (

    select
        period,
        scope,
        unit_of_analysis,
        facility_id,
        device_key,
        procedure_id,
        patient_group_id,
        drl_quantity,
        source,
        dose_selection,
        count(*) as n_rows
    from facility_statistics
    group by all
    having
        count(*) > 1
        or period is null
        or (facility_id is null) <> (unit_of_analysis = 'examination')
        or (device_key is not null and unit_of_analysis <> 'device')

)

select * from final
