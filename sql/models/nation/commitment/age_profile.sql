{{ config(schema='marts', contract={'enforced': true}) }}

with

devices as (

    select * from {{ ref('int_installed_base') }}
    where is_in_base

),

age_bands as (

    select * from {{ ref('age_bands') }}

),

-- Each country, and all countries together.
placed as (

    select
        * exclude (country),
        unnest(['all', country]) as country
    from devices

),

profiles as (

    select
        period,
        country,
        modality,
        count(*) as n_devices_all,
        count(*) filter (where age_years is null) as n_age_unknown,
        count(distinct facility_id) filter (where age_years is null) as n_facilities_unknown
    from placed
    group by all

),

counted as (

    select
        period,
        country,
        modality,
        age_band_id,
        count(*) as n_devices,
        count(distinct facility_id) as n_facilities,
        {{ n_manufacturers('manufacturer_id') }} as n_manufacturers,
        {{ largest_manufacturer_share('manufacturer_id') }} as largest_manufacturer_share
    from placed
    group by all

),

-- A band without devices also has a row: a rule may ask for an empty band.
shares as (

    select
        profiles.period,
        profiles.country,
        profiles.modality,
        age_bands.age_band_id,
        coalesce(counted.n_devices, 0) as n_devices,
        profiles.n_age_unknown,
        coalesce(counted.n_devices, 0)
        / nullif(profiles.n_devices_all - profiles.n_age_unknown, 0) as share, -- noqa: RF04
        age_bands.rule,
        age_bands.share as rule_share,
        coalesce(counted.n_facilities, 0) as n_facilities,
        profiles.n_facilities_unknown,
        coalesce(counted.n_manufacturers, 0) as n_manufacturers,
        counted.largest_manufacturer_share
    from profiles
    cross join age_bands
    left join counted
        on
            profiles.period = counted.period
            and profiles.country = counted.country
            and profiles.modality = counted.modality
            and age_bands.age_band_id = counted.age_band_id

),

final as (

    select
        period,
        country,
        modality,
        age_band_id,
        n_devices,
        n_age_unknown,
        share,
        rule,
        rule_share,
        {{ golden_rule_is_met('share', 'rule', 'rule_share') }} as is_met,
        n_facilities,
        n_facilities_unknown,
        n_manufacturers,
        largest_manufacturer_share
    from shares

)

select * from final
