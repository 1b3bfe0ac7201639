select
    facility_id,
    submission_id,
    n_received,
    hold_reason
from marts.submission_quality
where status = 'held'
order by
    facility_id,
    submission_id
