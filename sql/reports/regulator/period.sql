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
