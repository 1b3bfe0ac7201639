{{ config(schema='marts', contract={'enforced': true}) }}

with

contributions as (

    select * from {{ ref('int_indicator_contributions') }}

),

contributors as (

    select * from {{ ref('int_indicator_contributors') }}

),

indicators as (

    select * from {{ ref('indicators') }}

),

by_facility as (

    select
        period,
        indicator_id,
        dimension,
        stratum,
        facility_id,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(n_unknown) as n_unknown
    from contributions
    group by all

),

summed as (

    select
        period,
        indicator_id,
        dimension,
        stratum,
        cast(sum(numerator) as bigint) as numerator,
        cast(sum(denominator) as bigint) as denominator,
        cast(sum(n_unknown) as bigint) as n_unknown,
        count(*) filter (where denominator > 0) as n_facilities,
        count(*) filter (where n_unknown > 0) as n_facilities_unknown,
        cast(max(denominator) / nullif(sum(denominator), 0) as double) as largest_facility_share
    from by_facility
    group by all

),

final as (

    select
        summed.period,
        summed.indicator_id,
        indicators.commitment_number,
        summed.dimension,
        summed.stratum,
        summed.numerator,
        summed.denominator,
        summed.n_unknown,
        summed.numerator / nullif(summed.denominator, 0) as value,
        {{ wilson_lower('summed.numerator', 'summed.denominator') }} as value_lower,
        {{ wilson_upper('summed.numerator', 'summed.denominator') }} as value_upper,
        summed.n_unknown / nullif(summed.denominator + summed.n_unknown, 0) as share_unknown,
        summed.n_facilities,
        summed.n_facilities_unknown,
        coalesce(contributors.n_devices, 0) as n_devices,
        coalesce(contributors.n_manufacturers, 0) as n_manufacturers,
        contributors.largest_manufacturer_share,
        summed.largest_facility_share
    from summed
    inner join indicators on summed.indicator_id = indicators.indicator_id
    left join contributors
        on
            summed.period = contributors.period
            and summed.indicator_id = contributors.indicator_id
            and summed.dimension = contributors.dimension
            and summed.stratum = contributors.stratum

)

select * from final
