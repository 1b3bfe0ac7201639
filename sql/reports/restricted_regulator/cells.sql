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
        procedures.modality,
        levels.procedure_id,
        levels.procedure_label,
        levels.patient_group_id,
        levels.patient_group_label,
        list(levels.drl_quantity order by levels.drl_quantity) as drl_quantities
    from levels
    inner join procedures on levels.procedure_id = procedures.procedure_id
    group by
        procedures.modality,
        levels.procedure_id,
        levels.procedure_label,
        levels.patient_group_id,
        levels.patient_group_label
    order by
        procedures.modality,
        levels.procedure_label,
        levels.procedure_id,
        levels.patient_group_id <> 'adult',
        regexp_replace(levels.patient_group_label, '[0-9].*', ''),
        try_cast(regexp_extract(levels.patient_group_label, '[0-9]+') as integer),
        levels.patient_group_id

)

select * from final
