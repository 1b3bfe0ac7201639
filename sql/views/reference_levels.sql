-- Published national levels of the newest period, by the first-line method (where it was not built:
-- by the first method in order of id). One row per procedure, patient group and DRL quantity. All
-- periods and methods, and suppressed rows, are in national_drls.
with

shown as (

    select * from national_drls
    where disclosure = 'shown'

),

of_one_method as (

    select * from shown
    qualify dense_rank() over (order by method_id <> 'drlake_first_line', method_id) = 1

),

newest as (

    select * from of_one_method
    qualify dense_rank() over (order by period desc) = 1

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
