with

devices as (

    select * from {{ ref('int_devices_in_use') }}

),

device_periods as (

    select * from {{ ref('int_device_periods') }}

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
