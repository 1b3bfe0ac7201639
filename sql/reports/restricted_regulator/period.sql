with

-- Facilities that count and facilities with any value, by year.
years as (

    select
        period,
        count(distinct facility_id) filter (where is_sufficient) as n_counting,
        count(distinct facility_id) as n_facilities
    from marts.facility_typical_values
    where method_id = $method_id
    group by period

),

levels as (

    select distinct period
    from marts.national_drls
    where method_id = $method_id and status = 'ndrl'

),

ranked as (

    select
        years.period,
        row_number() over (
            order by
                levels.period desc nulls last,
                years.n_counting desc,
                years.n_facilities desc,
                years.period desc
        ) as place
    from years
    left join levels on years.period = levels.period

),

shown as (

    select period
    from ranked
    where place = 1

),

final as (

    select
        max(shown.period) as period,
        list(ranked.period order by ranked.period) filter (where ranked.period > shown.period)
            as newer_periods
    from ranked
    cross join shown

)

select * from final
