-- Indicators of the four commitments for the whole nation, each with its definition, in the newest
-- period with a national level, else in the one in which most facilities count. Strata and other
-- periods are in commitment_indicators.
-- column numerator_definition: What the numerator counts. Unit: none. Source: numerator of
-- indicator_definitions.
-- column denominator_definition: What the denominator counts. Unit: none. Source: denominator of
-- indicator_definitions.
with

indicators as (

    select * from commitment_indicators
    where disclosure = 'shown' and dimension = 'all'

),

levels as (

    select distinct period from national_drls
    where method_id = 'drlake_first_line' and disclosure = 'shown' and status = 'ndrl'

),

-- The newest period with a national level, else the one in which most facilities count.
periods as (

    select
        indicators.period,
        row_number() over (
            order by
                max(levels.period) desc nulls last,
                max(indicators.n_facilities) desc nulls last,
                indicators.period desc
        ) as place
    from indicators
    left join levels on indicators.period = levels.period
    group by indicators.period

),

newest as (

    select indicators.*
    from indicators
    inner join periods on indicators.period = periods.period
    where periods.place = 1

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
