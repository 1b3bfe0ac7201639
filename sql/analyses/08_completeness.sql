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
    and period = (select max(latest.period) from commitment_indicators as latest)
order by filled_in_share asc, item asc
limit 10
