{{ config(schema='marts', contract={'enforced': true}) }}

with

device_features as (

    select * from {{ ref('int_device_features') }}

),

placed as (

    select
        * exclude (age_band_id),
        unnest(['all', age_band_id]) as age_band_id
    from device_features

),

by_facility as (

    select
        period,
        feature_id,
        age_band_id,
        facility_id,
        count(is_used) as n_devices_known
    from placed
    group by all

),

largest as (

    select
        period,
        feature_id,
        age_band_id,
        count(*) filter (where n_devices_known > 0) as n_facilities,
        max(n_devices_known) / nullif(sum(n_devices_known), 0) as largest_facility_share
    from by_facility
    group by all

),

counted as (

    select
        period,
        feature_id,
        age_band_id,
        count(*) filter (where is_used) as n_devices_used,
        count(is_used) as n_devices_known,
        count(*) - count(is_used) as n_devices_unknown,
        count(distinct facility_id) filter (where is_used is null) as n_facilities_unknown,
        count(distinct if(is_available, manufacturer_id || ' ' || model_text, null))
            as n_models_available,
        count(*) filter (where is_available) as n_devices_available,
        count(is_available) as n_devices_declared
    from placed
    group by all

),

makers as (

    select
        period,
        feature_id,
        age_band_id,
        {{ n_manufacturers('manufacturer_id') }} as n_manufacturers,
        {{ largest_manufacturer_share('manufacturer_id') }} as largest_manufacturer_share
    from placed
    where is_used is not null
    group by all

),

final as (

    select
        counted.period,
        counted.feature_id,
        counted.age_band_id,
        counted.n_devices_used,
        counted.n_devices_known,
        counted.n_devices_unknown,
        counted.n_devices_used / nullif(counted.n_devices_known, 0) as share, -- noqa: RF04
        {{ wilson_lower('counted.n_devices_used', 'counted.n_devices_known') }} as share_lower,
        {{ wilson_upper('counted.n_devices_used', 'counted.n_devices_known') }} as share_upper,
        counted.n_devices_available,
        counted.n_devices_declared,
        counted.n_models_available,
        largest.n_facilities,
        counted.n_facilities_unknown,
        coalesce(makers.n_manufacturers, 0) as n_manufacturers,
        makers.largest_manufacturer_share,
        largest.largest_facility_share
    from counted
    inner join largest
        on
            counted.period = largest.period
            and counted.feature_id = largest.feature_id
            and counted.age_band_id = largest.age_band_id
    left join makers
        on
            counted.period = makers.period
            and counted.feature_id = makers.feature_id
            and counted.age_band_id = makers.age_band_id

)

select * from final
