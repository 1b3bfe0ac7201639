{{ config(schema='marts', contract={'enforced': true}) }}

with

cells as (

    select * from {{ ref('int_breast_cells') }}

),

thickness_bands as (

    select * from {{ ref('thickness_bands') }}

),

final as (

    select
        cells.period,
        cells.technique,
        cells.view,
        cells.thickness_band_id,
        cells.detector_technology,
        thickness_bands.label as thickness_band_label,
        'mGy' as unit,
        cells.n_facilities,
        cells.n_manufacturers,
        cells.n_devices,
        cells.n_examinations,
        cells.n_views,
        cells.p50,
        cells.p50_lower,
        cells.p50_upper,
        cells.p75,
        cells.p75_lower,
        cells.p75_upper,
        cells.p95,
        cells.p95_lower,
        cells.p95_upper,
        cells.minimum,
        cells.maximum
    from cells
    inner join thickness_bands on cells.thickness_band_id = thickness_bands.thickness_band_id

)

select * from final
