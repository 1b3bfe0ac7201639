select
    label,
    method_version,
    jurisdiction,
    unit_of_analysis,
    site_statistic,
    percentile,
    achievable_percentile,
    minimum_examinations,
    minimum_facilities,
    patient_selection,
    scope,
    quantile_definition,
    evidence,
    source
from methods
where method_id = $method_id
order by method_version
