with

wordings as (

    select * from commitments
    where commitment_number = $commitment_number

),

final as (

    select
        wording_version,
        wording,
        valid_from,
        source
    from wordings
    order by valid_from, wording_version

)

select * from final
