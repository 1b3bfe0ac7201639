select
    stratum,
    n_received,
    quarantined_share,
    n_examinations,
    used_share,
    mapped_share,
    disclosure
from data_quality
where dimension = $dimension
order by stratum
