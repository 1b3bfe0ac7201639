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

spellings as (

    select * from {{ ref('int_manufacturer_spellings') }}

),

declared_models as (

    select * from {{ ref('int_declared_models') }}

),

age_bands as (

    select * from {{ ref('age_bands') }}

),

-- No clock: a year is one that somebody reports of or declares.
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

-- What sent a report and is not declared stands somewhere too. Of one that was taken out of use in
-- the year the doses are there, but it is no part of the base on the last day.
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

devices as (

    select * from known
    union all
    select * from sent_alone

),

final as (

    select
        devices.period,
        devices.facility_id,
        devices.device_key,
        coalesce(devices.country, 'unknown') as country,
        coalesce(spellings.manufacturer_id, 'unknown') as manufacturer_id,
        coalesce(spellings.manufacturer, 'Not stated') as manufacturer,
        devices.model_name,
        coalesce({{ normalised_text('devices.model_name') }}, '') as model_text,
        coalesce(declared_models.generation, 'unknown') as generation,
        devices.modality,
        devices.manufactured_on,
        devices.installed_on,
        devices.refurbished_on,
        devices.age_years,
        coalesce(age_bands.age_band_id, 'unknown') as age_band_id,
        device_periods.device_key is not null as has_rdsr,
        coalesce(device_periods.n_reports, 0) as n_reports,
        device_periods.software_versions,
        devices.is_declared,
        devices.is_in_base,
        coalesce(declared_models.xr_25, 'unknown') as xr_25,
        coalesce(declared_models.xr_26, 'unknown') as xr_26,
        coalesce(declared_models.xr_28, 'unknown') as xr_28,
        coalesce(declared_models.xr_29, 'unknown') as xr_29,
        coalesce(declared_models.can_add_modulation, 'unknown') as can_add_modulation,
        coalesce(declared_models.can_add_iterative, 'unknown') as can_add_iterative
    from devices
    left join spellings on devices.manufacturer is not distinct from spellings.spelling
    left join declared_models
        on
            spellings.manufacturer_id = declared_models.manufacturer_id
            and coalesce({{ normalised_text('devices.model_name') }}, '')
            = declared_models.model_text
    left join age_bands
        on {{ is_in_age_band('devices.age_years', 'age_bands') }}
    left join device_periods
        on
            devices.period = device_periods.period
            and devices.facility_id = device_periods.facility_id
            and devices.device_key = device_periods.device_key

)

select * from final
