with

counted as (

    select
        period,
        disclosure,
        n_facilities
    from commitment_indicators
    union all
    select
        period,
        disclosure,
        n_facilities
    from age_profile

),

years as (

    select
        period,
        bool_or(disclosure = 'shown') as is_shown,
        max(n_facilities) filter (where disclosure = 'shown') as n_facilities
    from counted
    group by period

),

levels as (

    select distinct period
    from national_drls
    where
        method_id = $method_id
        and status = 'ndrl'
        and disclosure = 'shown'

),

-- The year to show comes first.
final as (

    select years.period
    from years
    left join levels on years.period = levels.period
    order by
        years.is_shown desc,
        levels.period desc nulls last,
        years.n_facilities desc nulls last,
        years.period desc

)

select * from final
