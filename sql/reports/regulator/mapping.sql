select
    modality,
    n_examinations,
    n_mapped,
    mapped_share,
    n_mapped_by_code,
    n_mapped_by_exact_text,
    n_mapped_by_pattern,
    n_mapped_by_reading,
    n_without_procedure,
    n_undecided,
    disclosure
from mapping_coverage
order by modality
