with

levels as (

    select * from national_drls
    where
        method_id = $method_id
        and procedure_id = $procedure_id
        and period <= $period
        and disclosure = 'shown'
        and national_drl is not null

),

-- A trend needs at least two years.
repeated as (

    select
        *,
        count(*) over (
            partition by method_version, patient_group_id, drl_quantity
        ) as n_periods
    from levels

),

final as (

    select
        patient_group_label,
        drl_quantity,
        period,
        unit,
        national_drl,
        national_drl_lower,
        national_drl_upper,
        n_facilities,
        change_ratio,
        n_matched_facilities,
        matched_ratio,
        change_verdict
    from repeated
    where n_periods > 1
    order by
        patient_group_id <> 'adult',
        regexp_replace(patient_group_label, '[0-9].*', ''),
        try_cast(regexp_extract(patient_group_label, '[0-9]+') as integer),
        patient_group_id,
        drl_quantity,
        period

)

select * from final
