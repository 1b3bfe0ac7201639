-- How many courses and participants does each audience have, by year?
select
    audience,
    year,
    n_courses,
    n_courses_of_curricula,
    n_sessions,
    n_participants,
    n_courses_without_participants as n_courses_unstated
from training_records
where disclosure = 'shown' and country = 'all'
order by audience, year
