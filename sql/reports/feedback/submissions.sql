select
    submission_id,
    n_received,
    n_accepted,
    n_held,
    n_quarantined,
    n_duplicate,
    n_examinations,
    status,
    hold_reason
from marts.submission_quality
where facility_id = $facility_id
order by submission_id
