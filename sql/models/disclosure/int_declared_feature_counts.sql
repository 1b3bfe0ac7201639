with

declared_features as (

    select * from {{ ref('int_declared_features') }}

),

features as (

    select * from {{ ref('features') }}

),

by_model as (

    select
        feature_id,
        manufacturer_id,
        model_text,
        bool_or(status in ('standard', 'option', 'upgrade')) as is_available,
        bool_or(status = 'standard') as is_standard,
        bool_or(status <> 'unknown') as is_stated
    from declared_features
    group by all

),

counted as (

    select
        feature_id,
        count(*) as n_models,
        count(*) filter (where is_standard) as n_models_standard,
        count(*) filter (where is_available) as n_models_available,
        count(*) filter (where is_stated and not is_available) as n_models_not_available,
        count(*) filter (where not is_stated) as n_models_unknown,
        {{ n_manufacturers('manufacturer_id') }} as n_manufacturers,
        {{ largest_manufacturer_share('manufacturer_id') }} as largest_manufacturer_share
    from by_model
    group by feature_id

),

final as (

    select
        features.feature_id,
        coalesce(counted.n_models, 0) as n_models,
        coalesce(counted.n_models_standard, 0) as n_models_standard,
        coalesce(counted.n_models_available, 0) as n_models_available,
        coalesce(counted.n_models_not_available, 0) as n_models_not_available,
        coalesce(counted.n_models_unknown, 0) as n_models_unknown,
        coalesce(counted.n_manufacturers, 0) as n_manufacturers,
        counted.largest_manufacturer_share
    from features
    left join counted on features.feature_id = counted.feature_id

)

select * from final
