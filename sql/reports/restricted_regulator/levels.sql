with

levels as (

    select * from marts.national_drls
    where
        method_id = $method_id
        and period = $period

),

procedures as (

    select * from reference.procedures

),

final as (

    select
        levels.procedure_label,
        levels.patient_group_label,
        levels.drl_quantity,
        levels.unit,
        levels.status,
        coalesce(levels.national_drl, levels.p50) as level_value,
        levels.national_drl_lower,
        levels.national_drl_upper,
        levels.achievable_dose,
        levels.n_facilities,
        levels.n_examinations,
        levels.change_verdict
    from levels
    inner join procedures on levels.procedure_id = procedures.procedure_id
    where procedures.modality = $modality
    order by
        levels.procedure_label,
        levels.procedure_id,
        levels.patient_group_id <> 'adult',
        regexp_replace(levels.patient_group_label, '[0-9].*', ''),
        try_cast(regexp_extract(levels.patient_group_label, '[0-9]+') as integer),
        levels.patient_group_id,
        levels.drl_quantity

)

select * from final
