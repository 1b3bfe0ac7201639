with

manufacturers as (

    select * from {{ ref('manufacturers') }}

),

spellings as (

    select manufacturer from {{ ref('dim_devices') }}
    union
    select manufacturer from {{ ref('stg_lake__declared_devices') }}
    union
    select manufacturer from {{ ref('stg_lake__declared_models') }}
    union
    select manufacturer from {{ ref('stg_lake__declared_features') }}
    union
    select manufacturer from {{ ref('stg_lake__declared_benchmarks') }}
    union
    select manufacturer from {{ ref('stg_lake__declared_trainings') }}

),

normalised as (

    select
        manufacturer as spelling,
        coalesce({{ normalised_text('manufacturer') }}, '') as compared_text
    from spellings

),

-- A text may match two manufacturers; the first by id is taken, so that there is one row.
matched as (

    select
        normalised.spelling,
        normalised.compared_text,
        min(manufacturers.manufacturer_id) as manufacturer_id
    from normalised
    left join manufacturers
        on regexp_matches(normalised.compared_text, manufacturers.pattern)
    group by normalised.spelling, normalised.compared_text

),

final as (

    select
        matched.spelling,
        coalesce(
            matched.manufacturer_id, if(matched.compared_text = '', 'unknown', 'other')
        ) as manufacturer_id,
        coalesce(
            manufacturers.label, if(matched.compared_text = '', 'Not stated', 'Other')
        ) as manufacturer
    from matched
    left join manufacturers on matched.manufacturer_id = manufacturers.manufacturer_id

)

select * from final
