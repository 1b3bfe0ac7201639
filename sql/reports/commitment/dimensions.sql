with

definitions as (

    select * from indicator_definitions
    where
        commitment_number = $commitment_number
        and basis = $basis

),

final as (

    select distinct counted.dimension
    from commitment_indicators as counted
    inner join definitions on counted.indicator_id = definitions.indicator_id
    where
        counted.period = $period
        and counted.dimension <> 'all'
    order by counted.dimension

)

select * from final
