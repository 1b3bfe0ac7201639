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

-- The year to show comes first.
final as (

    select period
    from years
    order by
        case when has_level then period end desc nulls last,
        n_facilities desc nulls last,
        period desc

)

select * from final
