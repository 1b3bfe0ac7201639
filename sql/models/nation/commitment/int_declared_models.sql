with

declared_models as (

    select * from {{ ref('stg_lake__declared_models') }}

),

spellings as (

    select * from {{ ref('int_manufacturer_spellings') }}

),

-- A model may be declared under two names of its manufacturer: the newest declaration is taken.
final as (

    select
        spellings.manufacturer_id,
        coalesce({{ normalised_text('declared_models.model_name') }}, '') as model_text,
        spellings.manufacturer,
        declared_models.model_name,
        declared_models.modality,
        nullif(nullif(trim(declared_models.generation), ''), 'all') as generation,
        declared_models.market_year,
        declared_models.end_of_support_year,
        declared_models.xr_25,
        declared_models.xr_26,
        declared_models.xr_28,
        declared_models.xr_29,
        declared_models.can_add_modulation,
        declared_models.can_add_iterative,
        declared_models.declared_by,
        declared_models.declared_on,
        declared_models.evidence_uri
    from declared_models
    inner join spellings on declared_models.manufacturer is not distinct from spellings.spelling
    qualify row_number() over (
        partition by spellings.manufacturer_id, model_text
        order by
            declared_models.declared_on desc nulls last,
            declared_models.manufacturer asc,
            declared_models.model_name asc,
            declared_models.modality asc
    ) = 1

)

select * from final
