-- For which procedures is the reference level furthest above the achievable dose?
select
    procedure_label,
    drl_quantity,
    national_drl,
    achievable_dose,
    unit,
    round(national_drl / achievable_dose, 2) as ratio
from reference_levels
where national_drl is not null and achievable_dose > 0
order by ratio desc, procedure_label asc, drl_quantity asc
limit 10
