select
    modality,
    cast(sum(n_examinations) as bigint) as n_examinations,
    cast(sum(n_mapped) as bigint) as n_mapped,
    sum(n_mapped) / sum(n_examinations) as mapped_share,
    cast(sum(n_mapped_unreviewed) as bigint) as n_mapped_unreviewed,
    sum(n_mapped_unreviewed) / nullif(sum(n_mapped), 0) as unreviewed_share,
    cast(sum(n_undecided) as bigint) as n_undecided
from marts.mapping_coverage
group by modality
order by modality
