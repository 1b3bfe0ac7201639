with

published as (

    select
        {{ disclosed_whole(
            restricted=ref('int_declared_feature_counts'),
            profile=ref('int_disclosure_profile'),
            key=['feature_id'],
            partition=['feature_id'],
            needs=['n_manufacturers', 'largest_manufacturer_share'],
            is_empty='n_models = 0',
            columns={
                'n_models': 'word',
                'n_models_standard': 'word',
                'n_models_available': 'word',
                'n_models_not_available': 'word',
                'n_models_unknown': 'word',
            },
        ) }}

),

features as (

    select * from {{ ref('features') }}

),

final as (

    select
        published.feature_id,
        features.feature_group,
        features.label as feature_label,
        features.standard,
        features.seen_in_rdsr,
        published.n_models,
        published.n_models_standard,
        published.n_models_available,
        published.n_models_not_available,
        published.n_models_unknown,
        published.disclosure,
        published.disclosure_profile
    from published
    inner join features on published.feature_id = features.feature_id

)

select * from final
