select
    replace(step, '_', ' ') as step,
    reason_code,
    n,
    n_facilities,
    disclosure
from attrition
where counted = $counted
order by
    step_number,
    reason_code <> 'none',
    reason_code
