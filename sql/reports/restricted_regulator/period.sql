select max(period) as period
from marts.facility_typical_values
where method_id = $method_id
