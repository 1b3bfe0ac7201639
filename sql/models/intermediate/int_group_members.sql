with

patients as (

    select * from {{ ref('int_examination_patients') }}

),

procedures as (

    select * from {{ ref('procedures') }}

),

patient_groups as (

    select * from {{ ref('patient_groups') }}

),

-- Which groups a procedure has: a few hundred rows, joined by equality to all examinations.
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

-- Nothing is converted: a group by weight asks the weight, a group by age the age.
sized as (

    select
        patients.*,
        procedure_groups.* exclude (procedure_id),
        case procedure_groups.size_basis
            when 'water_equivalent_diameter' then patients.water_equivalent_diameter_mm
            when 'compressed_breast_thickness' then patients.compression_thickness_mm
        end as size_mm
    from patients
    inner join procedure_groups on patients.procedure_id = procedure_groups.procedure_id

),

final as (

    select
        facility_id,
        study_key,
        modality,
        group_id as patient_group_id
    from sized
    where
        {{ within_limits('patient_age_days', 'age_lower_days', 'age_upper_days') }}
        and {{ within_limits('patient_weight_kg', 'weight_lower_kg', 'weight_upper_kg') }}
        and {{ within_limits('size_mm', 'size_lower_mm', 'size_upper_mm') }}

)

select * from final
