select
    stratum,
    n_registered,
    n_present,
    n_late,
    n_missing,
    n_present / nullif(n_present + n_late + n_missing, 0) as present_share,
    n_late / nullif(n_present + n_late + n_missing, 0) as late_share,
    n_missing / nullif(n_present + n_late + n_missing, 0) as missing_share,
    disclosure
from facility_coverage
where dimension = $dimension
order by stratum
