{{ config(schema='marts', contract={'enforced': true}) }}

with

reports as (

    select * from {{ ref('int_examination_reports') }}

),

examination_procedures as (

    select * from {{ ref('int_examination_procedures') }}

),

rules as (

    select * from {{ ref('procedure_rules') }}

),

concept_rows as (

    select
        modality || ' ' || concepts as rule_id,
        reviewer
    from {{ ref('concept_procedures') }}

),

unmapped_texts as (

    select * from {{ ref('int_unmapped_texts') }}

),

decided as (

    select
        reports.facility_id,
        reports.modality,
        examination_procedures.rule_id is not null as is_decided,
        examination_procedures.procedure_id is not null as is_mapped,
        rules.scope <> 'national' and not starts_with(rules.scope, 'model:') as is_of_facility,
        coalesce(rules.match_type, 'reading') as decided_by,
        coalesce(rules.reviewer, if(rules.rule_id is null, concept_rows.reviewer, null))
        is not null as is_reviewed
    from reports
    left join examination_procedures
        on
            reports.facility_id = examination_procedures.facility_id
            and reports.study_key = examination_procedures.study_key
            and reports.modality = examination_procedures.modality
    left join rules
        on
            examination_procedures.rule_id = rules.rule_id
            and examination_procedures.rule_version = rules.rule_version
    left join concept_rows on examination_procedures.rule_id = concept_rows.rule_id

),

counted as (

    select
        facility_id,
        modality,
        count(*) as n_examinations,
        count(*) filter (where is_mapped) as n_mapped,
        count(*) filter (where is_decided and not is_mapped) as n_without_procedure,
        count(*) filter (where not is_decided) as n_undecided,
        count(*) filter (where is_mapped and is_of_facility) as n_mapped_by_facility_rule,
        count(*) filter (where is_mapped and not is_of_facility) as n_mapped_by_national_rule,
        count(*) filter (where is_mapped and decided_by = 'code') as n_mapped_by_code,
        count(*) filter (where is_mapped and decided_by = 'exact') as n_mapped_by_exact_text,
        count(*) filter (where is_mapped and decided_by = 'pattern') as n_mapped_by_pattern,
        count(*) filter (where is_mapped and decided_by = 'reading') as n_mapped_by_reading,
        count(*) filter (where is_mapped and not is_reviewed) as n_mapped_unreviewed
    from decided
    group by facility_id, modality

),

withheld as (

    select
        facility_id,
        modality,
        count(*) as n_names_withheld
    from unmapped_texts
    where is_withheld
    group by facility_id, modality

),

final as (

    select
        counted.*,
        counted.n_mapped / counted.n_examinations as mapped_share,
        coalesce(withheld.n_names_withheld, 0) as n_names_withheld
    from counted
    left join withheld
        on counted.facility_id = withheld.facility_id and counted.modality = withheld.modality

)

select * from final
