with

of_facilities as (

    {{ unit_statistics(
        ref('fct_examination_doses'), ref('int_group_members'), ref('int_method_groups'),
        'examination', 'facility'
    ) }}

),

of_devices as (

    {{ unit_statistics(
        ref('fct_examination_doses'), ref('int_group_members'), ref('int_method_groups'),
        'examination', 'device'
    ) }}

),

-- Statistics of acquisitions are separate models: an examination has several acquisitions, and the
-- values of two units of analysis together would not fit into memory.
final as (

    select * from of_facilities
    union all
    select * from of_devices

)

select * from final
