with

years as (

    select
        period,
        count(*) filter (where is_sufficient) as n_sufficient,
        sum(n_examinations) as n_examinations,
        max(method_version) as method_version
    from marts.facility_typical_values
    where
        facility_id = $facility_id
        and method_id = $method_id
    group by period

),

levels as (

    select distinct period
    from public.public_national_drls
    where
        method_id = $method_id
        and status = 'ndrl'
        and disclosure = 'shown'

),

-- The year to show comes first.
final as (

    select
        years.period,
        years.method_version
    from years
    left join levels on years.period = levels.period
    order by
        levels.period desc nulls last,
        years.n_sufficient desc,
        years.n_examinations desc,
        years.period desc

)

select * from final
