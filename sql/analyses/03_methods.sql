-- What would the level be with the method of another country or body?
with

levels as (

    select * from national_drls
    where disclosure = 'shown' and national_drl is not null

)

select
    levels.procedure_label,
    levels.drl_quantity,
    min(levels.national_drl) as lowest,
    max(levels.national_drl) as highest,
    levels.unit,
    string_agg(methods.label, '; ' order by methods.label) as methods
from levels
inner join methods
    on
        levels.method_id = methods.method_id
        and levels.method_version = methods.method_version
where levels.patient_group_id = 'adult'
group by levels.period, levels.procedure_label, levels.drl_quantity, levels.unit
having count(*) > 1
order by levels.procedure_label, levels.drl_quantity, levels.period
