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

ranked as (

    select
        years.period,
        row_number() over (
            order by
                levels.period desc nulls last,
                years.n_facilities desc,
                years.period desc
        ) as place
    from years
    left join levels on years.period = levels.period

),

final as (

    select
        max(period) filter (where place = 1) as period,
        list(period order by period) filter (
            where period > (select shown.period from ranked as shown where shown.place = 1)
        ) as newer_periods
    from ranked

)

select * from final
