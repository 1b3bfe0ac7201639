with

levels as (

    select * from national_drls
    where
        method_id = $method_id
        and procedure_id = $procedure_id

),

of_period as (

    select * from levels
    where
        period = $period
        and disclosure = 'shown'

),

final as (

    select
        of_period.patient_group_label,
        of_period.drl_quantity,
        of_period.unit,
        of_period.status,
        of_period.n_facilities,
        of_period.n_examinations,
        of_period.p25,
        of_period.p50,
        of_period.p75,
        of_period.national_drl,
        of_period.national_drl_lower,
        of_period.national_drl_upper,
        of_period.achievable_dose,
        previous.national_drl as previous_drl,
        of_period.previous_period,
        of_period.change_ratio,
        of_period.change_verdict
    from of_period
    left join levels as previous
        on
            of_period.previous_period = previous.period
            and of_period.method_version = previous.method_version
            and of_period.patient_group_id = previous.patient_group_id
            and of_period.drl_quantity = previous.drl_quantity
    order by
        of_period.patient_group_id <> 'adult',
        regexp_replace(of_period.patient_group_label, '[0-9].*', ''),
        try_cast(regexp_extract(of_period.patient_group_label, '[0-9]+') as integer),
        of_period.patient_group_id,
        of_period.drl_quantity

)

select * from final
