with

final as (

    select
        feature_label,
        feature_group,
        standard,
        seen_in_rdsr,
        n_models,
        n_models_standard,
        n_models_available,
        n_models_not_available,
        n_models_unknown,
        round(n_models_available / nullif(n_models, 0), 3) as share_available,
        round(n_models_not_available / nullif(n_models, 0), 3) as share_not_available,
        round(n_models_unknown / nullif(n_models, 0), 3) as share_unknown,
        disclosure
    from feature_availability
    order by
        feature_group = 'management',
        feature_id

)

select * from final
