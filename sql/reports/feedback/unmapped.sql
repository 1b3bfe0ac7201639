select
    compared_text,
    modality,
    replace(field, '_', ' ') as field_words,
    n_examinations
from marts.unmapped_names
where facility_id = $facility_id
order by
    n_examinations desc,
    modality asc,
    field asc,
    compared_text asc
limit 200
