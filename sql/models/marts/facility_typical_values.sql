with

examination_doses as (

    select *
    from {{ ref('fct_examination_doses') }}
    where exclusion_reason is null

),

procedures as (

    select * from {{ ref('procedures') }}

),

patient_groups as (

    select * from {{ ref('patient_groups') }}

),

drl_methods as (

    select * from {{ ref('drl_methods') }}

),

facility_statistics as (

    select
        facility_id,
        procedure_id,
        patient_group_id,
        drl_quantity,
        unit,
        count(*) as n_examinations,
        quantile_cont(value, 0.25) as p25,
        quantile_cont(value, 0.5) as typical_value,
        quantile_cont(value, 0.75) as p75,
        min(value) as minimum,
        max(value) as maximum,
        avg(value order by value) as mean
    from examination_doses
    group by facility_id, procedure_id, patient_group_id, drl_quantity, unit

),

final as (

    select
        facility_statistics.facility_id,
        facility_statistics.procedure_id,
        procedures.label as procedure_label,
        facility_statistics.patient_group_id,
        patient_groups.label as patient_group_label,
        facility_statistics.drl_quantity,
        facility_statistics.unit,
        drl_methods.method_id,
        drl_methods.method_version,
        facility_statistics.n_examinations,
        facility_statistics.p25,
        facility_statistics.typical_value,
        facility_statistics.p75,
        facility_statistics.minimum,
        facility_statistics.maximum,
        facility_statistics.mean,
        facility_statistics.n_examinations >= drl_methods.minimum_examinations as is_sufficient
    from facility_statistics
    inner join procedures on facility_statistics.procedure_id = procedures.procedure_id
    inner join patient_groups on facility_statistics.patient_group_id = patient_groups.group_id
    cross join drl_methods

)

select * from final
