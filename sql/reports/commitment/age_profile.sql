with

profile as (

    select * from age_profile
    where
        period = $period
        and (country = 'all') = $is_nation

),

-- Sums of the published (rounded) counts, so that shares agree with table age_profile.
bands as (

    select
        modality,
        country,
        min(disclosure) as disclosure,
        sum(n_devices) as n_devices,
        max(n_age_unknown) as n_age_unknown,
        max(share) filter (where age_band_id = 'up_to_5') as share_young,
        max(share) filter (where age_band_id = 'from_6_to_10') as share_middle,
        max(share) filter (where age_band_id = 'over_10') as share_old,
        bool_and(is_met) filter (where age_band_id = 'up_to_5') as is_young_met,
        bool_and(is_met) filter (where age_band_id = 'from_6_to_10') as is_middle_met,
        bool_and(is_met) filter (where age_band_id = 'over_10') as is_old_met
    from profile
    group by modality, country

),

final as (

    select
        modality,
        country,
        cast(n_devices as bigint) as n_devices,
        share_young,
        case is_young_met when true then 'yes' when false then 'no' end as young_met,
        share_middle,
        case is_middle_met when true then 'yes' when false then 'no' end as middle_met,
        share_old,
        case is_old_met when true then 'yes' when false then 'no' end as old_met,
        n_age_unknown,
        round(n_age_unknown / nullif(n_devices + n_age_unknown, 0), 3) as share_unknown,
        round(share_young * n_devices / nullif(n_devices + n_age_unknown, 0), 3)
            as share_young_of_all,
        round(share_middle * n_devices / nullif(n_devices + n_age_unknown, 0), 3)
            as share_middle_of_all,
        round(share_old * n_devices / nullif(n_devices + n_age_unknown, 0), 3)
            as share_old_of_all,
        disclosure
    from bands
    order by
        modality,
        country

)

select * from final
