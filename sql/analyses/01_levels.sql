-- What are the reference levels for adults, with their limits and the achievable dose?
select
    procedure_label,
    drl_quantity,
    national_drl,
    national_drl_lower,
    national_drl_upper,
    achievable_dose,
    unit,
    n_facilities
from reference_levels
where patient_group_id = 'adult'
order by procedure_label, drl_quantity
