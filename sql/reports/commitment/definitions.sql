with

definitions as (

    select * from indicator_definitions
    where
        commitment_number = $commitment_number
        and basis = $basis

),

final as (

    select
        label as indicator_label,
        counted,
        numerator,
        denominator,
        unknown,
        model,
        note
    from definitions
    order by indicator_id

)

select * from final
