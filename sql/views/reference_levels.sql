-- Published national levels of the newest period with a level (without any level: of the period in
-- which most facilities count), by the first-line method (where it was not built: by the first
-- method in order of id). One row per procedure, patient group and DRL quantity. All periods, also
-- newer ones, all methods, and suppressed rows are in national_drls.
with

shown as (

    select * from national_drls
    where disclosure = 'shown'

),

of_one_method as (

    select * from shown
    qualify dense_rank() over (order by method_id <> 'drlake_first_line', method_id) = 1

),

-- The newest period with a level, else the one in which most facilities count.
periods as (

    select
        period,
        row_number() over (
            order by
                max(period) filter (where status = 'ndrl') desc nulls last,
                max(n_facilities) desc nulls last,
                period desc
        ) as place
    from of_one_method
    group by period

),

newest as (

    select of_one_method.*
    from of_one_method
    inner join periods on of_one_method.period = periods.period
    where periods.place = 1

),

final as (

    select
        modality,
        procedure_label,
        patient_group_label,
        drl_quantity,
        unit,
        status,
        national_drl,
        national_drl_lower,
        national_drl_upper,
        achievable_dose,
        p25,
        p50,
        p75,
        n_facilities,
        n_examinations,
        previous_period,
        change_ratio,
        n_matched_facilities,
        matched_ratio,
        change_verdict,
        period,
        method_id,
        method_version,
        procedure_id,
        patient_group_id
    from newest
    order by
        modality, procedure_label, patient_group_id <> 'adult', patient_group_label, drl_quantity

)

select * from final
