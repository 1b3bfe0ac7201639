select
    modality,
    n_examinations,
    n_mapped,
    n_without_procedure,
    n_undecided,
    mapped_share
from marts.mapping_coverage
where facility_id = $facility_id
order by modality
