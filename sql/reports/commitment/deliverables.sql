with

final as (

    select
        commitment_number,
        deliverable,
        wording_version,
        wording,
        status,
        status_on,
        due_on,
        delivered_on,
        n_days_late,
        evidence_uri,
        disclosure
    from commitment_deliverables
    order by
        commitment_number,
        due_on,
        deliverable_id,
        wording_version

)

select * from final
