with

records as (

    select * from {{ ref('training_records') }}

),

placed as (

    select
        * exclude (country),
        unnest(['all', country]) as country
    from records

),

makers as (

    select
        year,
        audience,
        country,
        {{ n_manufacturers('manufacturer_id') }} as n_manufacturers,
        {{ largest_manufacturer_share('manufacturer_id') }} as largest_manufacturer_share
    from placed
    where manufacturer_id is not null
    group by year, audience, country

),

counted as (

    select
        year,
        audience,
        country,
        count(*) as n_courses,
        count(manufacturer_id) as n_courses_of_makers,
        count(curriculum_id) as n_courses_of_curricula,
        sum(n_sessions) as n_sessions,
        sum(n_participants) as n_participants,
        count(*) - count(n_participants) as n_courses_without_participants
    from placed
    group by year, audience, country

),

final as (

    select
        counted.year,
        counted.audience,
        counted.country,
        counted.n_courses,
        counted.n_courses_of_makers,
        counted.n_courses_of_curricula,
        cast(counted.n_sessions as bigint) as n_sessions,
        cast(counted.n_participants as bigint) as n_participants,
        counted.n_courses_without_participants,
        coalesce(makers.n_manufacturers, 0) as n_manufacturers,
        makers.largest_manufacturer_share
    from counted
    left join makers
        on
            counted.year = makers.year
            and counted.audience = makers.audience
            and counted.country = makers.country

)

select * from final
