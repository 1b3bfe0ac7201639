with

levels as (

    select * from marts.national_drls
    where
        method_id = $method_id
        and period = $period
        and procedure_id = $procedure_id
        and patient_group_id = $patient_group_id

),

typical as (

    select
        drl_quantity,
        min(typical_value) as minimum,
        max(typical_value) as maximum
    from marts.facility_typical_values
    where
        method_id = $method_id
        and period = $period
        and procedure_id = $procedure_id
        and patient_group_id = $patient_group_id
        and is_sufficient
    group by drl_quantity

),

compared as (

    select
        drl_quantity,
        count(*) filter (
            where position in ('above', 'possibly_above', 'consistently_above')
        ) as n_above,
        count(*) filter (where ratio_to_national_drl is not null) as n_compared
    from marts.facility_drl_comparisons
    where
        method_id = $method_id
        and period = $period
        and procedure_id = $procedure_id
        and patient_group_id = $patient_group_id
    group by drl_quantity

),

-- Quartiles are shown only with enough facilities for an NDRL.
final as (

    select
        levels.drl_quantity,
        levels.unit,
        levels.status,
        levels.n_facilities,
        levels.n_examinations,
        typical.minimum,
        case when levels.status = 'ndrl' then levels.p25 end as p25,
        levels.p50,
        case when levels.status = 'ndrl' then levels.p75 end as p75,
        typical.maximum,
        levels.national_drl,
        levels.national_drl_lower,
        levels.national_drl_upper,
        levels.achievable_dose,
        case when levels.status = 'ndrl' then compared.n_above end as n_above,
        case when levels.status = 'ndrl' then compared.n_above / nullif(compared.n_compared, 0) end
            as share_above,
        levels.change_verdict
    from levels
    left join typical on levels.drl_quantity = typical.drl_quantity
    left join compared on levels.drl_quantity = compared.drl_quantity
    order by levels.drl_quantity

)

select * from final
