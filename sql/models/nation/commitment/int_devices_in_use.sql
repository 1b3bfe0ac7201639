with

declared_devices as (

    select * from {{ ref('stg_lake__declared_devices') }}

),

declared_facilities as (

    select * from {{ ref('stg_lake__declared_facilities') }}

),

device_periods as (

    select * from {{ ref('int_device_periods') }}

),

facilities as (

    select * from {{ ref('stg_lake__facilities') }}

),

-- Independent of the current date: years are those with reports or declarations.
periods as (

    select period from device_periods
    union
    select period from declared_facilities

),

declared as (

    select
        periods.period,
        declared_devices.*,
        make_date(periods.period, 12, 31) as last_day
    from declared_devices
    cross join periods

),

in_base as (

    select * from declared
    where installed_on <= last_day and coalesce(decommissioned_on > last_day, true)

),

known as (

    select
        period,
        facility_id,
        device_key,
        country,
        manufacturer,
        model_name,
        modality,
        manufactured_on,
        installed_on,
        refurbished_on,
        cast(datesub('year', installed_on, last_day) as integer) as age_years,
        true as is_declared,
        true as is_in_base
    from in_base

),

-- An undeclared device that sent reports is in use. A device that was decommissioned during the
-- year has doses, but is not in the installed base on the last day.
sent_alone as (

    select
        device_periods.period,
        device_periods.facility_id,
        device_periods.device_key,
        facilities.country,
        device_periods.manufacturer,
        device_periods.model_name,
        device_periods.modality,
        cast(null as date) as manufactured_on,
        cast(null as date) as installed_on,
        cast(null as date) as refurbished_on,
        cast(null as integer) as age_years,
        false as is_declared,
        left_in_year.device_key is null as is_in_base
    from device_periods
    anti join in_base
        on
            device_periods.period = in_base.period
            and device_periods.facility_id = in_base.facility_id
            and device_periods.device_key = in_base.device_key
    left join declared as left_in_year
        on
            device_periods.period = left_in_year.period
            and device_periods.facility_id = left_in_year.facility_id
            and device_periods.device_key = left_in_year.device_key
            and left_in_year.decommissioned_on <= left_in_year.last_day
    left join facilities on device_periods.facility_id = facilities.facility_id

),

final as (

    select * from known
    union all
    select * from sent_alone

)

select * from final
