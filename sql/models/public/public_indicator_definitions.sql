with

final as (

    select
        indicator_id,
        commitment_number,
        label,
        basis,
        counted,
        numerator,
        denominator,
        unknown,
        model,
        source,
        note
    from {{ ref('indicators') }}

)

select * from final
