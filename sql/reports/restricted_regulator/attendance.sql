select
    facility_id,
    facility_name,
    cadence,
    attendance,
    reason_code,
    n_days_behind
from marts.facility_attendance
where attendance in ('visit_failed', 'missing', 'late', 'incomplete')
order by facility_id
