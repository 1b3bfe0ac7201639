with

diffusion as (

    select
        *,
        n_devices_known + n_devices_unknown as n_devices
    from feature_diffusion
    where
        period = $period
        and age_band_id = 'all'

),

final as (

    select
        feature_label,
        feature_group,
        n_devices_used,
        n_devices_known,
        share,
        share_lower,
        share_upper,
        n_devices_unknown,
        round(n_devices_unknown / nullif(n_devices, 0), 3) as share_unknown,
        n_facilities,
        disclosure,
        round(n_devices_used / nullif(n_devices, 0), 3) as share_yes_of_all,
        round((n_devices_known - n_devices_used) / nullif(n_devices, 0), 3) as share_no_of_all
    from diffusion
    order by
        feature_group = 'management',
        feature_id

)

select * from final
