with

years as (

    select
        period,
        bool_or(status = 'ndrl') as has_level,
        max(n_facilities) as n_facilities
    from national_drls
    where method_id = $method_id and disclosure = 'shown'
    group by period

),

ranked as (

    select
        period,
        row_number() over (
            order by
                case when has_level then period end desc nulls last,
                n_facilities desc nulls last,
                period desc
        ) as place
    from years

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
