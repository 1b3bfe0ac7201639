{% set cell = ['period', 'technique', 'view', 'thickness_band_id', 'detector_technology'] %}
with

units as (

    select * from {{ ref('int_breast_unit_doses') }}
    where is_sufficient

),

-- Each unit counts in its technology and in all technologies together.
placed as (

    select
        units.* exclude (detector_technology),
        unnest([units.detector_technology, 'all']) as detector_technology
    from units

),

of_facilities as (

    select
        {{ cell | join(', ') }},
        facility_id,
        count(*) as n_devices
    from placed
    group by all

),

shares as (

    select
        {{ cell | join(', ') }},
        max(n_devices) / sum(n_devices) as largest_share,
        list_sum(list_slice(list_reverse_sort(list(n_devices)), 1, 2)) / sum(n_devices)
            as two_largest_share
    from of_facilities
    group by all

),

of_manufacturers as (

    select
        {{ cell | join(', ') }},
        manufacturer_id,
        count(*) as n_devices
    from placed
    group by all

),

manufacturer_shares as (

    select
        {{ cell | join(', ') }},
        max(n_devices) / sum(n_devices) as largest_manufacturer_share
    from of_manufacturers
    group by all

),

cells as (

    select
        {{ cell | join(', ') }},
        count(distinct facility_id) as n_facilities,
        count(distinct manufacturer_id) filter (where manufacturer_id <> 'unknown')
            as n_manufacturers,
        count(*) as n_devices,
        cast(sum(n_views) as bigint) as n_views,
        cast(sum(n_examinations) as bigint) as n_examinations,
        list_sort(list(median_mgy)) as ordered_values
    from placed
    group by all

),

sizes as (

    select distinct
        cells.n_devices as n,
        asked.probability
    from cells
    cross join (values (0.5), (0.75), (0.95)) as asked (probability)

),

ranks as (

    {{ binomial_ranks('sizes') }}

),

final as (

    select
        cells.* exclude (ordered_values),
        shares.largest_share,
        shares.two_largest_share,
        manufacturer_shares.largest_manufacturer_share,
        cells.ordered_values[1] as minimum,
        cells.ordered_values[cells.n_devices] as maximum,
        {{ linear_quantile('cells.ordered_values', 'cells.n_devices', 0.5) }} as p50,
        cells.ordered_values[p50_ranks.lower_rank] as p50_lower,
        cells.ordered_values[p50_ranks.upper_rank] as p50_upper,
        {{ linear_quantile('cells.ordered_values', 'cells.n_devices', 0.75) }} as p75,
        cells.ordered_values[p75_ranks.lower_rank] as p75_lower,
        cells.ordered_values[p75_ranks.upper_rank] as p75_upper,
        {{ linear_quantile('cells.ordered_values', 'cells.n_devices', 0.95) }} as p95,
        cells.ordered_values[p95_ranks.lower_rank] as p95_lower,
        cells.ordered_values[p95_ranks.upper_rank] as p95_upper
    from cells
    inner join shares on {{ is_same_key('cells', 'shares', cell) }}
    inner join manufacturer_shares on {{ is_same_key('cells', 'manufacturer_shares', cell) }}
    left join ranks as p50_ranks
        on cells.n_devices = p50_ranks.n and p50_ranks.probability = 0.5
    left join ranks as p75_ranks
        on cells.n_devices = p75_ranks.n and p75_ranks.probability = 0.75
    left join ranks as p95_ranks
        on cells.n_devices = p95_ranks.n and p95_ranks.probability = 0.95

)

select * from final
