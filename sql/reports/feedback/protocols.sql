with

own_acquisitions as (

    select * from core.fct_acquisition_doses
    where
        facility_id = $facility_id
        and period = $period
        and exclusion_reason is null

),

of_protocols as (

    select
        procedure_id,
        patient_group_id,
        drl_quantity,
        unit,
        acquisition_protocol,
        count(*) as n_acquisitions,
        quantile_cont(value, 0.25) as p25,
        quantile_cont(value, 0.5) as p50,
        quantile_cont(value, 0.75) as p75
    from own_acquisitions
    group by procedure_id, patient_group_id, drl_quantity, unit, acquisition_protocol

),

labelled as (

    select
        of_protocols.*,
        of_procedures.label as procedure_label,
        patient_groups.label as patient_group_label
    from of_protocols
    inner join reference.procedures as of_procedures
        on of_protocols.procedure_id = of_procedures.procedure_id
    inner join reference.patient_groups as patient_groups
        on of_protocols.patient_group_id = patient_groups.group_id

),

-- A protocol that is used once concerns one patient; the facility's own system has its dose.
final as (

    select
        procedure_label,
        patient_group_label,
        acquisition_protocol,
        drl_quantity,
        unit,
        n_acquisitions,
        p25,
        p50,
        p75
    from labelled
    where n_acquisitions >= 5
    order by
        procedure_label asc,
        procedure_id asc,
        patient_group_id <> 'adult' asc,
        patient_group_label asc,
        patient_group_id asc,
        drl_quantity asc,
        n_acquisitions desc,
        acquisition_protocol asc nulls last
    limit 500

)

select * from final
