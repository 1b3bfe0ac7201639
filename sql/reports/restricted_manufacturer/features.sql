with

final as (

    select
        model_name,
        software_from,
        feature_label,
        status,
        since_year,
        evidence_uri
    from marts.feature_availability
    where manufacturer_id = $manufacturer_id
    order by
        model_name,
        feature_id,
        coalesce(software_from, '')

)

select * from final
