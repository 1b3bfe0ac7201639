with

levels as (

    select * from marts.national_drls
    where
        method_id = $method_id
        and procedure_id = $procedure_id
        and patient_group_id = $patient_group_id
        and period <= $period
        and national_drl is not null

),

-- A trend needs at least two years.
repeated as (

    select
        *,
        count(*) over (partition by method_version, drl_quantity) as n_periods
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
        drl_quantity,
        period

)

select * from final
