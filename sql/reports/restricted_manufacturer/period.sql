with

years as (

    select
        period,
        count(distinct facility_id) as n_facilities
    from marts.installed_base
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
        years.n_facilities desc,
        years.period desc

)

select * from final
