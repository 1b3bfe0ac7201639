with

examinations as (

    select * from {{ ref('int_examination_procedures') }}

),

reports as (

    select * from {{ ref('int_examination_reports') }}

),

procedures as (

    select * from {{ ref('procedures') }}

),

patient_groups as (

    select
        *,
        string_split(body_regions, ';') as body_region_list
    from {{ ref('patient_groups') }}

),

adult_age as (

    select lower as adult_age_days
    from patient_groups
    where group_id = 'adult'

),

patients as (

    select
        examinations.facility_id,
        examinations.study_key,
        examinations.modality,
        procedures.body_region,
        reports.patient_age_days,
        reports.patient_weight_kg,
        reports.patient_age_days < adult_age.adult_age_days as is_child
    from examinations
    inner join procedures on examinations.procedure_id = procedures.procedure_id
    inner join reports
        on
            examinations.facility_id = reports.facility_id
            and examinations.study_key = reports.study_key
            and examinations.modality = reports.modality
    cross join adult_age

),

-- Weight bands are for children only; a lower limit belongs to its band, an upper does not.
final as (

    select
        patients.facility_id,
        patients.study_key,
        patients.modality,
        patient_groups.group_id as patient_group_id
    from patients
    inner join patient_groups
        on
            list_contains(patient_groups.body_region_list, patients.body_region)
            and (patient_groups.basis = 'age' or patients.is_child)
            and case patient_groups.basis
                when 'age' then patients.patient_age_days
                when 'weight' then patients.patient_weight_kg
            end >= patient_groups.lower
            and coalesce(
                case patient_groups.basis
                    when 'age' then patients.patient_age_days
                    when 'weight' then patients.patient_weight_kg
                end < patient_groups.upper,
                true
            )

)

select * from final
