with

declared_models as (

    select * from {{ ref('int_declared_models') }}

),

statements as (

    unpivot declared_models
    on xr_25, xr_26, xr_28, xr_29, can_add_modulation, can_add_iterative
    into name statement value answer

),

final as (

    select
        modality,
        statement,
        count(*) as n_models,
        count(*) filter (where answer = 'yes') as n_models_yes,
        count(*) filter (where answer = 'no') as n_models_no,
        count(*) filter (where answer not in ('yes', 'no')) as n_models_unknown,
        {{ n_manufacturers('manufacturer_id') }} as n_manufacturers,
        {{ largest_manufacturer_share('manufacturer_id') }} as largest_manufacturer_share
    from statements
    group by modality, statement

)

select * from final
