select distinct
    method_id,
    method_version
from marts.facility_typical_values
where method_id = $method_id
order by method_version
