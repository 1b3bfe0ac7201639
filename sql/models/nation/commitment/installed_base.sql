{{ config(schema='marts', contract={'enforced': true}) }}

with

devices as (

    select * from {{ ref('int_installed_base') }}
    where is_in_base

),

final as (

    select
        period,
        facility_id,
        device_key,
        country,
        manufacturer_id,
        manufacturer,
        model_name,
        generation,
        modality,
        manufactured_on,
        installed_on,
        refurbished_on,
        age_years,
        age_band_id,
        is_declared,
        has_rdsr,
        n_reports,
        software_versions
    from devices

)

select * from final
