-- One row per key, in both marts of facilities; the device is NULL where the method does not use
-- devices.
with

facility_typical_values as (

    select * from {{ ref('facility_typical_values') }}

),

facility_drl_comparisons as (

    select * from {{ ref('facility_drl_comparisons') }}

),

keys as (

    select
        'facility_typical_values' as mart,
        period,
        facility_id,
        device_key,
        procedure_id,
        patient_group_id,
        drl_quantity,
        method_id,
        method_version
    from facility_typical_values

    union all

    select
        'facility_drl_comparisons' as mart,
        period,
        facility_id,
        device_key,
        procedure_id,
        patient_group_id,
        drl_quantity,
        method_id,
        method_version
    from facility_drl_comparisons

),

final as (

    select *
    from keys
    group by all
    having count(*) > 1

)

select * from final
