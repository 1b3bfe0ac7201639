-- Which items are missing most often in dose reports?
select
    stratum as item,
    numerator as n_filled_in,
    denominator as n_scans,
    value as filled_in_share
from commitment_indicators
where
    disclosure = 'shown'
    and indicator_id = 'item_completeness'
    and dimension = 'item'
    and period = (select max(overview.period) from commitment_overview as overview)
order by filled_in_share asc, item asc
limit 10
