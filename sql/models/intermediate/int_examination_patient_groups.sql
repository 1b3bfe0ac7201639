with

group_members as (

    select * from {{ ref('int_group_members') }}

),

methods as (

    select * from {{ ref('methods') }}

),

group_systems as (

    select * from {{ ref('group_systems') }}

),

-- Attrition tells which examinations the first line uses, whatever methods are built.
selection as (

    select group_systems.group_id
    from methods
    inner join group_systems on methods.patient_selection = group_systems.system_id
    where methods.method_id = '{{ first_line() }}'

),

final as (

    select group_members.*
    from group_members
    semi join selection on group_members.patient_group_id = selection.group_id

)

select * from final
