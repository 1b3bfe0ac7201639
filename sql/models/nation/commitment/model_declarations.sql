{{ config(schema='marts', contract={'enforced': true}) }}

with

final as (

    select
        manufacturer_id,
        manufacturer,
        model_name,
        modality,
        generation,
        market_year,
        end_of_support_year,
        xr_25,
        xr_26,
        xr_28,
        xr_29,
        can_add_modulation,
        can_add_iterative,
        declared_by,
        declared_on,
        evidence_uri
    from {{ ref('int_declared_models') }}

)

select * from final
