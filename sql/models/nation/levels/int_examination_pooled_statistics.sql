with

devices_left_out as (

    select * from {{ ref('int_devices_left_out') }}
    where is_left_out

),

examination_doses as (

    {{ doses_without_devices(ref('fct_examination_doses'), 'devices_left_out') }}

),

final as (

    {{ unit_statistics(
        'examination_doses', ref('int_group_members'), ref('int_method_groups'),
        'examination', 'examination'
    ) }}

)

select * from final
