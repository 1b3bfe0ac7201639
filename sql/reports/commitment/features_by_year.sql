with

-- A trend needs at least two years.
diffusion as (

    select
        *,
        count(*) over (partition by feature_id) as n_periods
    from feature_diffusion
    where
        period <= $period
        and age_band_id = 'all'

),

final as (

    select
        feature_label,
        period,
        n_devices_used,
        n_devices_known,
        share,
        share_lower,
        share_upper,
        n_devices_unknown,
        round(n_devices_unknown / nullif(n_devices_known + n_devices_unknown, 0), 3)
            as share_unknown,
        n_facilities,
        disclosure
    from diffusion
    where n_periods > 1
    order by
        feature_group = 'management',
        feature_id,
        period

)

select * from final
