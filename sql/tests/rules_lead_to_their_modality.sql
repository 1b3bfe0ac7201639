-- A rule for one modality maps to no procedure of another.
with

rules as (

    select * from {{ ref('procedure_rules') }}

),

procedures as (

    select * from {{ ref('procedures') }}

),

final as (

    select
        rules.rule_id,
        rules.modality,
        procedures.modality as procedure_modality
    from rules
    inner join procedures on rules.procedure_id = procedures.procedure_id
    where rules.modality <> procedures.modality

)

select * from final
