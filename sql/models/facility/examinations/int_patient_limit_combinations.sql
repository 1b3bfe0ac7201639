with

procedures as (

    select * from {{ ref('procedures') }}

),

patient_groups as (

    select * from {{ ref('patient_groups') }}

),

methods as (

    select * from {{ ref('methods') }}

),

group_systems as (

    select * from {{ ref('group_systems') }}

),

examinations as (

    select * from {{ ref('int_examinations_joined') }}
    where procedure_id is not null

),

views as (

    select * from {{ ref('int_mammography_events') }}

),

-- Each of a few thousand combinations is compared with the groups once, not each patient. A breast
-- has the thickness of its view; an examination of several views has none.
kinds as (

    select distinct
        procedure_id,
        age_reached_days,
        weight_reached_kg,
        diameter_reached_mm,
        cast(null as double) as thickness_reached_mm
    from examinations

    union

    select distinct
        examinations.procedure_id,
        examinations.age_reached_days,
        examinations.weight_reached_kg,
        cast(null as double) as diameter_reached_mm,
        views.thickness_reached_mm
    from views
    inner join examinations
        on
            views.facility_id = examinations.facility_id
            and views.study_key = examinations.study_key
            and examinations.modality = 'MG'

),

procedure_groups as (

    select
        procedures.procedure_id,
        patient_groups.*
    from procedures
    inner join patient_groups
        on
            {{ is_listed('procedures.modality', 'patient_groups.modalities') }}
            and {{ is_listed('procedures.body_region', 'patient_groups.body_regions') }}

),

sized as (

    select
        kinds.*,
        procedure_groups.* exclude (procedure_id),
        case procedure_groups.size_basis
            when 'water_equivalent_diameter' then kinds.diameter_reached_mm
            when 'compressed_breast_thickness' then kinds.thickness_reached_mm
        end as size_reached_mm
    from kinds
    inner join procedure_groups on kinds.procedure_id = procedure_groups.procedure_id

),

-- Age and weight are not converted: a group by weight needs the weight, a group by age the age.
members as (

    select *
    from sized
    where
        {{ within_limits('age_reached_days', 'age_lower_days', 'age_upper_days') }}
        and {{ within_limits('weight_reached_kg', 'weight_lower_kg', 'weight_upper_kg') }}
        and {{ within_limits('size_reached_mm', 'size_lower_mm', 'size_upper_mm') }}

),

-- Attrition gives the examinations that the first-line method uses, whatever methods are built.
first_line_groups as (

    select group_systems.group_id
    from methods
    inner join group_systems on methods.patient_selection = group_systems.system_id
    where methods.method_id = '{{ first_line() }}'

),

-- The first-line method has one group per patient. Two groups would give a joined id that is not in
-- the reference list, which a test of fct_examination_doses detects.
final as (

    select
        members.procedure_id,
        members.age_reached_days,
        members.weight_reached_kg,
        members.diameter_reached_mm,
        members.thickness_reached_mm,
        string_agg(members.group_id, ';' order by members.group_id) as patient_group_ids,
        string_agg(first_line_groups.group_id, ';' order by first_line_groups.group_id)
            as patient_group_id
    from members
    left join first_line_groups on members.group_id = first_line_groups.group_id
    group by all

)

select * from final
