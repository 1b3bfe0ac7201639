select
    facility_id,
    submission_id,
    n_held,
    hold_reason
from marts.submission_quality
where n_held > 0
order by
    facility_id,
    submission_id
