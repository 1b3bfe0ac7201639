-- Indicators of the four commitments for the whole nation in their newest period, each with its
-- definition. Strata are in commitment_indicators.
-- column numerator_definition: What the numerator counts. Unit: none. Source: numerator of
-- indicator_definitions.
-- column denominator_definition: What the denominator counts. Unit: none. Source: denominator of
-- indicator_definitions.
with

indicators as (

    select * from commitment_indicators
    where disclosure = 'shown' and dimension = 'all'

),

newest as (

    select * from indicators
    qualify dense_rank() over (order by period desc) = 1

),

definitions as (

    select * from indicator_definitions

),

final as (

    select
        newest.commitment_number,
        newest.indicator_label,
        definitions.basis,
        newest.value,
        newest.value_lower,
        newest.value_upper,
        newest.numerator,
        newest.denominator,
        newest.n_unknown,
        newest.share_unknown,
        newest.n_facilities,
        newest.n_devices,
        definitions.counted,
        definitions.numerator as numerator_definition,
        definitions.denominator as denominator_definition,
        newest.period,
        newest.indicator_id
    from newest
    inner join definitions on newest.indicator_id = definitions.indicator_id
    order by
        newest.commitment_number asc,
        definitions.basis desc,
        newest.indicator_label asc

)

select * from final
