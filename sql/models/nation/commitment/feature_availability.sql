{{ config(schema='marts', contract={'enforced': true}) }}

with

final as (

    select
        manufacturer_id,
        manufacturer,
        model_name,
        software_from,
        feature_id,
        feature_group,
        feature_label,
        status,
        since_year,
        declared_by,
        declared_on,
        evidence_uri
    from {{ ref('int_declared_features') }}

)

select * from final
