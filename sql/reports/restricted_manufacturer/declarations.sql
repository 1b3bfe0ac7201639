with

final as (

    select
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
        evidence_uri
    from marts.model_declarations
    where manufacturer_id = $manufacturer_id
    order by model_name, modality

)

select * from final
