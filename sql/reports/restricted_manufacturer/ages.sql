with

own as (

    select
        modality,
        age_band_id,
        count(*) as n_devices,
        count(distinct facility_id) as n_facilities
    from marts.installed_base
    where
        period = $period
        and manufacturer_id = $manufacturer_id
    group by modality, age_band_id

),

-- Show all age bands of a modality or none: a missing one could be calculated from the others
-- and the manufacturer's own records.
judged as (

    select
        *,
        coalesce(
            min(n_facilities) over (partition by modality) >= $minimum_facilities, false
        ) as is_shown,
        sum(n_devices) over (partition by modality) as n_of_modality
    from own

),

nation as (

    select * from public.public_age_profile
    where
        period = $period
        and country = 'all'

),

final as (

    select
        judged.modality,
        coalesce(nation.age_band_label, judged.age_band_id) as age_band_label,
        if(judged.is_shown, judged.n_devices, null) as n_devices,
        if(judged.is_shown, round(judged.n_devices / judged.n_of_modality, 3), null)
            as share_of_modality,
        nation.share as national_share,
        if(judged.is_shown, 'shown', 'suppressed') as disclosure
    from judged
    left join nation
        on
            judged.modality = nation.modality
            and judged.age_band_id = nation.age_band_id
    order by
        judged.modality,
        judged.age_band_id = 'unknown',
        judged.age_band_id = 'over_10',
        judged.age_band_id = 'from_6_to_10'

)

select * from final
