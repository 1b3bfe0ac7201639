with

levels as (

    select * from national_drls
    where
        method_id = $method_id
        and period = $period
        and modality = $modality
        and disclosure = 'shown'

),

final as (

    select
        procedure_label,
        patient_group_label,
        drl_quantity,
        unit,
        status,
        coalesce(national_drl, p50) as level_value,
        national_drl_lower,
        national_drl_upper,
        achievable_dose,
        n_facilities
    from levels
    order by
        procedure_label,
        patient_group_id <> 'adult',
        regexp_replace(patient_group_label, '[0-9].*', ''),
        try_cast(regexp_extract(patient_group_label, '[0-9]+') as integer),
        patient_group_id,
        drl_quantity

)

select * from final
