with

diffusion as (

    select
        *,
        n_devices_known + n_devices_unknown as n_devices
    from feature_diffusion
    where
        period = $period
        and age_band_id <> 'all'

),

age_bands as (

    select distinct
        age_band_id,
        age_band_label
    from age_profile

),

final as (

    select
        diffusion.feature_label,
        coalesce(age_bands.age_band_label, diffusion.age_band_id) as age_band_label,
        diffusion.n_devices_used,
        diffusion.n_devices_known,
        diffusion.share,
        diffusion.share_lower,
        diffusion.share_upper,
        diffusion.n_devices_unknown,
        round(diffusion.n_devices_unknown / nullif(diffusion.n_devices, 0), 3) as share_unknown,
        diffusion.n_facilities,
        diffusion.disclosure,
        round(diffusion.n_devices_used / nullif(diffusion.n_devices, 0), 3) as share_yes_of_all,
        round(
            (diffusion.n_devices_known - diffusion.n_devices_used)
            / nullif(diffusion.n_devices, 0), 3
        ) as share_no_of_all
    from diffusion
    left join age_bands on diffusion.age_band_id = age_bands.age_band_id
    order by
        diffusion.feature_group = 'management',
        diffusion.feature_id,
        diffusion.age_band_id = 'unknown',
        diffusion.age_band_id = 'over_10',
        diffusion.age_band_id = 'from_6_to_10'

)

select * from final
