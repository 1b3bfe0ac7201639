with

withheld as (

    select * from national_drls
    where
        method_id = $method_id
        and period = $period
        and modality = $modality
        and disclosure = 'suppressed'

),

of_quantities as (

    select
        procedure_id,
        procedure_label,
        patient_group_label,
        list(drl_quantity order by drl_quantity) as drl_quantities
    from withheld
    group by procedure_id, procedure_label, patient_group_label

),

final as (

    select
        procedure_label,
        list(patient_group_label order by patient_group_label) as patient_groups,
        drl_quantities,
        count(*) * len(drl_quantities) as n_cells
    from of_quantities
    group by procedure_id, procedure_label, drl_quantities
    order by
        procedure_label,
        procedure_id,
        drl_quantities

)

select * from final
