with

examinations_of_facilities as (

    {{ unit_statistics(
        ref('fct_examination_doses'), ref('int_patient_limit_combinations'),
        ref('int_method_groups'), 'examination', 'facility'
    ) }}

),

examinations_of_devices as (

    {{ unit_statistics(
        ref('fct_examination_doses'), ref('int_patient_limit_combinations'),
        ref('int_method_groups'), 'examination', 'device'
    ) }}

),

views_of_facilities as (

    {{ unit_statistics(
        ref('fct_view_doses'), ref('int_patient_limit_combinations'),
        ref('int_method_groups'), 'view', 'facility'
    ) }}

),

views_of_devices as (

    {{ unit_statistics(
        ref('fct_view_doses'), ref('int_patient_limit_combinations'),
        ref('int_method_groups'), 'view', 'device'
    ) }}

),

-- Statistics of acquisitions are separate models: an examination has several acquisitions, and the
-- values of two units of analysis together would not fit into memory. An examination has views or
-- a dose of its own, never both.
final as (

    select * from examinations_of_facilities
    union all
    select * from examinations_of_devices
    union all
    select * from views_of_facilities
    union all
    select * from views_of_devices

)

select * from final
