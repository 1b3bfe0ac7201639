select max(period) as period
from national_drls
where method_id = $method_id and disclosure = 'shown'
