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

ranked as (

    select
        years.period,
        years.method_version,
        row_number() over (
            order by
                levels.period desc nulls last,
                years.n_sufficient desc,
                years.n_examinations desc,
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
        max(ranked.method_version) as method_version,
        list(ranked.period order by ranked.period) filter (where ranked.period > shown.period)
            as newer_periods
    from ranked
    cross join shown

)

select * from final
