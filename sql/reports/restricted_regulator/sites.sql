with

typical as (

    select * from marts.facility_typical_values
    where
        method_id = $method_id
        and period = $period
        and procedure_id = $procedure_id
        and patient_group_id = $patient_group_id
        and drl_quantity = $drl_quantity

),

levels as (

    select * from marts.national_drls
    where
        method_id = $method_id
        and period = $period
        and procedure_id = $procedure_id
        and patient_group_id = $patient_group_id
        and drl_quantity = $drl_quantity

),

compared as (

    select * from marts.facility_drl_comparisons
    where
        method_id = $method_id
        and period = $period
        and procedure_id = $procedure_id
        and patient_group_id = $patient_group_id
        and drl_quantity = $drl_quantity

),

final as (

    select
        typical.facility_id,
        left(typical.device_key, 8) as device,
        typical.unit,
        typical.n_examinations,
        typical.typical_value,
        compared.typical_value_lower,
        compared.typical_value_upper,
        compared.ratio_to_national_drl,
        compared.position,
        typical.is_sufficient,
        levels.status,
        levels.national_drl,
        levels.achievable_dose,
        levels.p50
    from typical
    inner join compared
        on
            typical.facility_id = compared.facility_id
            and typical.device_key is not distinct from compared.device_key
    left join levels on typical.method_version = levels.method_version
    order by
        typical.facility_id,
        typical.device_key

)

select * from final
