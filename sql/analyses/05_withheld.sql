-- How many of the possible levels are published, by modality?
select
    modality,
    count(*) as n_cells,
    count(*) filter (where disclosure = 'shown') as n_shown,
    count(national_drl) as n_with_level,
    round(count(*) filter (where disclosure = 'shown') / count(*), 3) as shown_share
from national_drls
where method_id = 'drlake_first_line'
group by modality
order by modality
