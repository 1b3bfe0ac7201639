with

withheld as (

    select * from age_band_doses
    where
        period = $period
        and disclosure = 'suppressed'

),

of_quantities as (

    select
        procedure_id,
        procedure_label,
        patient_group_label,
        list(distinct drl_quantity order by drl_quantity) as drl_quantities
    from withheld
    group by procedure_id, procedure_label, patient_group_label

),

final as (

    select
        procedure_label,
        list(patient_group_label order by patient_group_label) as patient_groups,
        drl_quantities
    from of_quantities
    group by procedure_id, procedure_label, drl_quantities
    order by
        procedure_label,
        procedure_id,
        drl_quantities

)

select * from final
