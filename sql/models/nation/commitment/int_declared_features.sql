with

declared_features as (

    select * from {{ ref('stg_lake__declared_features') }}

),

spellings as (

    select * from {{ ref('int_manufacturer_spellings') }}

),

features as (

    select * from {{ ref('features') }}

),

-- A model may be declared under two names of its manufacturer: the newest declaration is taken.
final as (

    select
        spellings.manufacturer_id,
        spellings.manufacturer,
        coalesce({{ normalised_text('declared_features.model_name') }}, '') as model_text,
        declared_features.model_name,
        declared_features.software_from,
        declared_features.feature_id,
        features.feature_group,
        features.label as feature_label,
        declared_features.status,
        declared_features.since_year,
        declared_features.declared_by,
        declared_features.declared_on,
        declared_features.evidence_uri
    from declared_features
    inner join spellings on declared_features.manufacturer is not distinct from spellings.spelling
    inner join features on declared_features.feature_id = features.feature_id
    qualify row_number() over (
        partition by
            spellings.manufacturer_id,
            model_text,
            declared_features.software_from,
            declared_features.feature_id
        order by
            declared_features.declared_on desc nulls last,
            declared_features.manufacturer asc,
            declared_features.model_name asc
    ) = 1

)

select * from final
