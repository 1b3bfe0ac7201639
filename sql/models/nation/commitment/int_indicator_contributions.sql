with

typical_values as (

    select * from {{ ref('int_device_typical_values') }}
    where drl_quantity = 'dlp' and is_in_base

),

devices as (

    select * from {{ ref('int_installed_base') }}

),

above as (

    select
        period,
        'above_national_drl' as indicator_id,
        cast(null as varchar) as dimension,
        cast(null as varchar) as stratum,
        facility_id,
        device_key,
        cast(null as varchar) as software_versions,
        count(*) filter (where is_above) as numerator,
        count(is_above) as denominator,
        count(*) - count(is_above) as n_unknown
    from typical_values
    group by all

),

joined as (

    select * from {{ ref('int_acquisition_indicators') }}
    union all
    select * from {{ ref('int_item_indicators') }}
    union all
    select * from {{ ref('int_alert_indicators') }}
    union all
    select * from {{ ref('int_facility_indicators') }}
    union all
    select * from {{ ref('int_installed_base_indicators') }}
    union all
    select * from above

),

described as (

    select
        joined.*,
        devices.manufacturer_id,
        devices.manufacturer,
        devices.manufacturer || ' ' || coalesce(devices.model_name, 'unknown') as device_model,
        devices.age_band_id,
        devices.generation
    from joined
    left join devices
        on
            joined.period = devices.period
            and joined.facility_id = devices.facility_id
            and joined.device_key = devices.device_key

),

-- Rows without a dimension count in all dimensions of their device. A facility has only dimension
-- all.
expanded as (

    select
        * exclude (dimension, stratum),
        unnest(
            case
                when dimension is not null then [dimension]
                when device_key is null then ['all']
                else ['all', 'manufacturer', 'model', 'age_band', 'generation', 'software']
            end
        ) as dimension,
        unnest(
            case
                when dimension is not null then [stratum]
                when device_key is null then ['all']
                else [
                    'all',
                    manufacturer_id,
                    device_model,
                    age_band_id,
                    generation,
                    device_model || ' | ' || coalesce(software_versions, 'unknown')
                ]
            end
        ) as stratum
    from described

),

final as (

    select
        period,
        indicator_id,
        dimension,
        stratum,
        facility_id,
        device_key,
        manufacturer_id,
        cast(sum(numerator) as bigint) as numerator,
        cast(sum(denominator) as bigint) as denominator,
        cast(sum(n_unknown) as bigint) as n_unknown
    from expanded
    group by all

)

select * from final
