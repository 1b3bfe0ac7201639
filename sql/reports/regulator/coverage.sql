select
    stratum,
    n_registered,
    n_present,
    n_late,
    n_missing,
    disclosure
from facility_coverage
where dimension = $dimension
order by stratum
