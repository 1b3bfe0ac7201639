with

doses as (

    select * from age_band_doses
    where
        period = $period
        and drl_quantity = $drl_quantity
        and disclosure = 'shown'

),

age_bands as (

    select distinct
        age_band_id,
        age_band_label
    from age_profile

),

final as (

    select
        doses.procedure_label,
        doses.patient_group_label,
        coalesce(age_bands.age_band_label, doses.age_band_id) as age_band_label,
        doses.drl_quantity,
        doses.unit,
        doses.n_devices,
        doses.n_facilities,
        doses.p25,
        doses.p50,
        doses.p50_lower,
        doses.p50_upper,
        doses.p75,
        doses.n_compared,
        doses.n_above,
        doses.share_above,
        doses.share_above_lower,
        doses.share_above_upper
    from doses
    left join age_bands on doses.age_band_id = age_bands.age_band_id
    order by
        doses.procedure_label,
        doses.patient_group_id <> 'adult',
        doses.patient_group_label,
        doses.patient_group_id,
        doses.age_band_id = 'unknown',
        doses.age_band_id = 'over_10',
        doses.age_band_id = 'from_6_to_10'

)

select * from final
