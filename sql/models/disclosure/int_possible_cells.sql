{{ config(materialized='view') }}

with

method_groups as (

    select distinct
        method_id,
        method_version,
        modalities,
        patient_group_id
    from {{ ref('int_method_groups') }}

),

procedures as (

    select * from {{ ref('procedures') }}

),

patient_groups as (

    select * from {{ ref('patient_groups') }}

),

drl_quantities as (

    select * from {{ ref('drl_quantities') }}

),

known_cells as (

    select
        period,
        procedure_id
    from {{ ref('national_drls') }}

    union

    select
        period,
        procedure_id
    from {{ ref('stg_releases__national_drls') }}

),

periods as (

    select distinct period from known_cells

),

-- Every possible cell, so that the presence of a row discloses nothing. Procedures that are not
-- always listed have cells where they occur; the public model lists them if a cell is shown.
final as (

    select
        method_groups.method_id,
        method_groups.method_version,
        periods.period,
        procedures.procedure_id,
        method_groups.patient_group_id,
        drl_quantities.drl_quantity,
        procedures.label as procedure_label,
        patient_groups.label as patient_group_label,
        drl_quantities.unit
    from method_groups
    inner join patient_groups on method_groups.patient_group_id = patient_groups.group_id
    inner join procedures
        on
            {{ is_listed('procedures.modality', 'method_groups.modalities') }}
            and {{ is_listed('procedures.modality', 'patient_groups.modalities') }}
            and {{ is_listed('procedures.body_region', 'patient_groups.body_regions') }}
    inner join drl_quantities
        on {{ applies_to('drl_quantities.modalities', 'procedures.modality') }}
    cross join periods
    where
        procedures.is_always_listed
        or procedures.procedure_id in (select known_cells.procedure_id from known_cells)

)

select * from final
