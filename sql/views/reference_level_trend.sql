-- Published reference levels (NDRL) of all periods, by the first-line method (where it was not
-- built: by the first method in order of id). One row per procedure, patient group, DRL quantity
-- and period, for those with a level in at least two periods.
-- column n_periods: Number of periods with a level, for this method and version. Unit: 1. Source:
-- rows of national_drls that are shown.
with

shown as (

    select * from national_drls
    where disclosure = 'shown' and national_drl is not null

),

of_one_method as (

    select * from shown
    qualify dense_rank() over (order by method_id <> 'drlake_first_line', method_id) = 1

),

repeated as (

    select
        *,
        count(*) over (
            partition by method_version, procedure_id, patient_group_id, drl_quantity
        ) as n_periods
    from of_one_method

),

final as (

    select
        modality,
        procedure_label,
        patient_group_label,
        drl_quantity,
        unit,
        period,
        national_drl,
        national_drl_lower,
        national_drl_upper,
        achievable_dose,
        n_facilities,
        previous_period,
        change_ratio,
        n_matched_facilities,
        matched_ratio,
        change_verdict,
        n_periods,
        method_id,
        method_version,
        procedure_id,
        patient_group_id
    from repeated
    where n_periods > 1
    order by
        modality, procedure_label, patient_group_id <> 'adult', patient_group_label, drl_quantity,
        method_version, period

)

select * from final
