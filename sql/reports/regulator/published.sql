with

compared as (

    select * from published_drl_comparisons
    where
        method_id = $method_id
        and period = $period
        and procedure_id = $procedure_id
        and ratio is not null

),

patient_groups as (

    select distinct
        patient_group_id,
        patient_group_label
    from national_drls

),

final as (

    select
        patient_groups.patient_group_label,
        compared.drl_quantity,
        compared.unit,
        compared.national_drl,
        compared.jurisdiction,
        compared.published_drl,
        compared.ratio,
        compared.verdict
    from compared
    inner join patient_groups on compared.patient_group_id = patient_groups.patient_group_id
    order by
        compared.patient_group_id <> 'adult',
        patient_groups.patient_group_label,
        compared.drl_quantity,
        compared.jurisdiction,
        compared.published_drl_id

)

select * from final
