with

final as (

    select
        course,
        year,
        provider,
        programme,
        audience,
        country,
        n_sessions,
        n_participants,
        evidence_uri
    from marts.training_records
    where
        manufacturer_id = $manufacturer_id
        and year <= $period
    order by
        -year,
        course,
        provider,
        audience,
        country,
        n_sessions,
        n_participants

)

select * from final
