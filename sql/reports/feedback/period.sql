select
    max(period) as period,
    max(method_version) as method_version
from marts.facility_typical_values
where
    facility_id = $facility_id
    and method_id = $method_id
