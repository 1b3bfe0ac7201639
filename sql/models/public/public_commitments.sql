with

final as (

    select
        commitment_number,
        wording_version,
        wording,
        valid_from,
        evidence,
        source
    from {{ ref('commitments') }}

)

select * from final
