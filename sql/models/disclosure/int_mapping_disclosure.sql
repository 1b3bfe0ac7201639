{{ config(materialized='view') }}

with

quality as (

    select * from {{ ref('int_quality_disclosure') }}

),

final as (

    select
        stratum as modality,
        n_mapped + n_unmapped as n_examinations,
        n_mapped,
        n_without_procedure,
        n_undecided,
        n_mapped_by_code,
        n_mapped_by_exact_text,
        n_mapped_by_pattern,
        n_mapped_by_reading,
        are_mapping_shown,
        are_mapping_shown and are_decisions_shown as are_decisions_shown,
        are_mapping_shown and are_rule_kinds_shown as are_rule_kinds_shown
    from quality
    where dimension = 'modality'

)

select * from final
