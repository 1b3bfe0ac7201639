-- How do our levels compare with published levels, and why are most not comparable?
select
    drl_quantity,
    verdict,
    coalesce(reason, '') as reason,
    count(*) as n_comparisons,
    count(distinct jurisdiction) as n_jurisdictions,
    round(median(ratio), 2) as median_ratio
from published_drl_comparisons
group by drl_quantity, verdict, reason
order by drl_quantity asc, n_comparisons desc, verdict asc, reason asc
