with

own_values as (

    select * from marts.facility_drl_comparisons
    where
        facility_id = $facility_id
        and method_id = $method_id

),

own_labels as (

    select * from marts.facility_typical_values
    where
        facility_id = $facility_id
        and method_id = $method_id

),

published as (

    select * from public.public_national_drls
    where
        method_id = $method_id
        and disclosure = 'shown'

),

-- The position uses the published level; see transforms/report/feedback/own_rows.py.
compared as (

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
        own_labels.is_sufficient,
        published.national_drl,
        published.achievable_dose,
        case
            when not own_labels.is_sufficient then 'too_few_examinations'
            when published.national_drl is null then 'no_ndrl'
            when own_values.typical_value_lower > published.national_drl then 'above'
            when own_values.typical_value > published.national_drl then 'possibly_above'
            when
                own_values.typical_value < published.p25
                and own_values.typical_value_upper < published.p25
                then 'unusually_low'
            else 'at_or_below'
        end as position_in_period
    from own_values
    inner join own_labels
        on
            own_values.method_version = own_labels.method_version
            and own_values.period = own_labels.period
            and own_values.procedure_id = own_labels.procedure_id
            and own_values.patient_group_id = own_labels.patient_group_id
            and own_values.drl_quantity = own_labels.drl_quantity
            and own_values.device_key is not distinct from own_labels.device_key
    left join published
        on
            own_values.method_version = published.method_version
            and own_values.period = published.period
            and own_values.procedure_id = published.procedure_id
            and own_values.patient_group_id = published.patient_group_id
            and own_values.drl_quantity = published.drl_quantity

),

above_before as (

    select * from compared
    where
        position_in_period = 'above'
        and period = $period - 1

),

final as (

    select
        compared.procedure_label,
        compared.patient_group_label,
        compared.drl_quantity,
        left(compared.device_key, 8) as device,
        compared.unit,
        compared.n_examinations,
        compared.typical_value,
        compared.typical_value_lower,
        compared.typical_value_upper,
        compared.national_drl,
        compared.achievable_dose,
        case
            when compared.position_in_period = 'above' and above_before.period is not null
                then 'consistently_above'
            else compared.position_in_period
        end as position
    from compared
    left join above_before
        on
            compared.method_version = above_before.method_version
            and compared.procedure_id = above_before.procedure_id
            and compared.patient_group_id = above_before.patient_group_id
            and compared.drl_quantity = above_before.drl_quantity
            and compared.device_key is not distinct from above_before.device_key
    where compared.period = $period
    order by
        compared.procedure_label,
        compared.procedure_id,
        compared.patient_group_id <> 'adult',
        regexp_replace(compared.patient_group_label, '[0-9].*', ''),
        try_cast(regexp_extract(compared.patient_group_label, '[0-9]+') as integer),
        compared.patient_group_id,
        compared.drl_quantity,
        compared.device_key

)

select * from final
