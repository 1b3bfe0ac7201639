with

own_values as (

    select * from marts.facility_drl_comparisons
    where
        facility_id = $facility_id
        and method_id = $method_id
        and period <= $period

),

own_labels as (

    select * from marts.facility_typical_values
    where
        facility_id = $facility_id
        and method_id = $method_id
        and period <= $period
        and is_sufficient

),

published as (

    select * from public.public_national_drls
    where
        method_id = $method_id
        and disclosure = 'shown'

),

-- A trend needs at least two years.
repeated as (

    select
        own_values.method_version,
        own_values.period,
        own_values.procedure_id,
        own_values.patient_group_id,
        own_values.drl_quantity,
        own_values.device_key,
        own_values.unit,
        own_values.n_examinations,
        own_values.typical_value,
        own_values.typical_value_lower,
        own_values.typical_value_upper,
        own_labels.procedure_label,
        own_labels.patient_group_label,
        count(*) over (
            partition by
                own_values.method_version,
                own_values.procedure_id,
                own_values.patient_group_id,
                own_values.drl_quantity,
                own_values.device_key
        ) as n_periods
    from own_values
    inner join own_labels
        on
            own_values.method_version = own_labels.method_version
            and own_values.period = own_labels.period
            and own_values.procedure_id = own_labels.procedure_id
            and own_values.patient_group_id = own_labels.patient_group_id
            and own_values.drl_quantity = own_labels.drl_quantity
            and own_values.device_key is not distinct from own_labels.device_key

),

final as (

    select
        repeated.procedure_label,
        repeated.patient_group_label,
        repeated.drl_quantity,
        left(repeated.device_key, 8) as device,
        repeated.period,
        repeated.unit,
        repeated.n_examinations,
        repeated.typical_value,
        repeated.typical_value_lower,
        repeated.typical_value_upper,
        published.national_drl
    from repeated
    left join published
        on
            repeated.method_version = published.method_version
            and repeated.period = published.period
            and repeated.procedure_id = published.procedure_id
            and repeated.patient_group_id = published.patient_group_id
            and repeated.drl_quantity = published.drl_quantity
    where repeated.n_periods > 1
    order by
        repeated.procedure_label,
        repeated.procedure_id,
        repeated.patient_group_id <> 'adult',
        repeated.patient_group_label,
        repeated.patient_group_id,
        repeated.drl_quantity,
        repeated.device_key,
        repeated.period

)

select * from final
