-- Which items of the dose reports do hospitals' scanners fill in least?
select
    stratum as report_item,
    numerator as n_filled_in,
    denominator as n_scans,
    value as share
from commitment_indicators
where
    disclosure = 'shown'
    and indicator_id = 'item_completeness'
    and dimension = 'item'
    and period = (select max(latest.period) from commitment_indicators as latest)
order by share asc, report_item asc
limit 10
