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

-- The year to show comes first.
final as (

    select years.period
    from years
    left join levels on years.period = levels.period
    order by
        levels.period desc nulls last,
        years.n_counting desc,
        years.n_facilities desc,
        years.period desc

)

select * from final
