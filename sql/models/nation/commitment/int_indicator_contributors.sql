with

contributions as (

    select * from {{ ref('int_indicator_contributions') }}

),

scanners as (

    select * from {{ ref('int_installed_base') }}
    where modality = 'CT'

),

-- A value that a facility declares concerns the manufacturers of all its scanners.
devices as (

    select
        period,
        indicator_id,
        dimension,
        stratum,
        facility_id,
        device_key,
        manufacturer_id
    from contributions
    where device_key is not null and denominator > 0

    union all

    select
        contributions.period,
        contributions.indicator_id,
        contributions.dimension,
        contributions.stratum,
        contributions.facility_id,
        scanners.device_key,
        scanners.manufacturer_id
    from contributions
    inner join scanners
        on
            contributions.period = scanners.period
            and contributions.facility_id = scanners.facility_id
    where contributions.device_key is null and contributions.denominator > 0

),

final as (

    select
        period,
        indicator_id,
        dimension,
        stratum,
        count(*) as n_devices,
        {{ n_manufacturers('manufacturer_id') }} as n_manufacturers,
        {{ largest_manufacturer_share('manufacturer_id') }} as largest_manufacturer_share
    from devices
    group by all

)

select * from final
