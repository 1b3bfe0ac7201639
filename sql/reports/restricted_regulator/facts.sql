with

accepted as (

    select
        min(first_study_date) as first_date,
        max(last_study_date) as last_date
    from marts.submission_quality
    where status <> 'held'

),

named as (

    select facility_id from marts.submission_quality
    union
    select facility_id from marts.facility_summaries

),

senders as (

    select count(*) as n_facilities
    from named

),

counting as (

    select count(distinct facility_id) as n_counting
    from marts.facility_typical_values
    where
        method_id = $method_id
        and period = $period
        and is_sufficient

),

examinations as (

    select
        coalesce(sum(n) filter (where step = 'found'), 0) as n_found,
        coalesce(sum(n) filter (where step = 'used'), 0) as n_used
    from marts.attrition
    where counted = 'examination'

),

levels as (

    select count(*) as n_levels
    from marts.national_drls
    where
        method_id = $method_id
        and period = $period
        and status = 'ndrl'

),

-- Dates are shown by quarter only.
final as (

    select
        year(accepted.first_date) || ' Q' || quarter(accepted.first_date) as first_quarter,
        year(accepted.last_date) || ' Q' || quarter(accepted.last_date) as last_quarter,
        senders.n_facilities,
        counting.n_counting,
        cast(examinations.n_found as bigint) as n_found,
        cast(examinations.n_used as bigint) as n_used,
        levels.n_levels
    from accepted
    cross join senders
    cross join counting
    cross join examinations
    cross join levels

)

select * from final
