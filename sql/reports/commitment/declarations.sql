with

final as (

    select
        statement,
        modality,
        n_models,
        n_models_yes,
        n_models_no,
        n_models_unknown,
        round(n_models_yes / nullif(n_models, 0), 3) as share_yes,
        round(n_models_no / nullif(n_models, 0), 3) as share_no,
        round(n_models_unknown / nullif(n_models, 0), 3) as share_unknown,
        disclosure
    from model_declarations
    where (statement like 'xr_%') = $is_standard
    order by
        modality,
        statement

)

select * from final
