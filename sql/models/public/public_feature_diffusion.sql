with

published as (

    select
        {{ disclosed_whole(
            restricted=ref('feature_diffusion'),
            profile=ref('int_disclosure_profile'),
            key=['period', 'feature_id', 'age_band_id'],
            partition=['period', 'feature_id', "age_band_id = 'all'"],
            needs=[
                'n_facilities', 'n_manufacturers', 'largest_manufacturer_share',
                'largest_facility_share',
            ],
            is_empty='n_facilities = 0',
            columns={
                'n_devices_used': 'count',
                'n_devices_known': 'count',
                'n_devices_unknown': 'unknown',
                'n_facilities': 'count',
            },
        ) }}

),

features as (

    select * from {{ ref('features') }}

),

final as (

    select
        published.period,
        published.feature_id,
        published.age_band_id,
        features.feature_group,
        features.label as feature_label,
        published.n_devices_used,
        published.n_devices_known,
        published.n_devices_unknown,
        round(published.n_devices_used / nullif(published.n_devices_known, 0), 3)
            as share, -- noqa: RF04
        floor(
            100 * {{ wilson_lower('published.n_devices_used', 'published.n_devices_known') }}
        ) / 100 as share_lower,
        ceil(
            100 * {{ wilson_upper('published.n_devices_used', 'published.n_devices_known') }}
        ) / 100 as share_upper,
        published.n_facilities,
        published.disclosure,
        published.disclosure_profile
    from published
    inner join features on published.feature_id = features.feature_id

)

select * from final
