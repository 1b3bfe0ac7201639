select
    technique,
    view,
    thickness_band_label,
    detector_technology,
    unit,
    n_facilities,
    n_devices,
    n_views,
    p50,
    p50_lower,
    p50_upper,
    p75,
    p75_lower,
    p75_upper,
    p95,
    p95_lower,
    p95_upper
from breast_doses
where
    period = $period
    and disclosure = 'shown'
order by
    technique,
    view,
    try_cast(regexp_extract(thickness_band_label, '[0-9]+') as integer),
    thickness_band_id,
    detector_technology <> 'all',
    detector_technology
