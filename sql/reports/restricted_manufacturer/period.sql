select max(period) as period
from marts.installed_base
