-- How many examinations are used, and for which reasons are the others excluded?
with

steps as (

    select * from attrition
    where counted = 'examination' and disclosure = 'shown'

),

found as (

    select max(n) as n_found from steps
    where step = 'found'

)

select
    steps.step,
    steps.reason_code,
    steps.n as n_examinations,
    round(steps.n / found.n_found, 3) as share_of_found
from steps
cross join found
order by steps.step_number asc, n_examinations desc, steps.reason_code asc
