-- Which dose-reduction features are in use, and for how many scanners is this unknown?
select
    feature_label,
    n_devices_used,
    n_devices_known,
    n_devices_unknown,
    share,
    share_lower,
    share_upper
from feature_diffusion
where
    disclosure = 'shown'
    and age_band_id = 'all'
    and period = (select max(overview.period) from commitment_overview as overview)
    and n_devices_known > 0
order by share desc nulls last, feature_label asc
