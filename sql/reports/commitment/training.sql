with

final as (

    select
        year,
        audience,
        country,
        n_courses,
        n_courses_of_curricula,
        n_sessions,
        n_participants,
        n_courses_without_participants,
        disclosure
    from training_records
    where year <= $period
    order by
        -year,
        audience,
        country <> 'all',
        country

)

select * from final
