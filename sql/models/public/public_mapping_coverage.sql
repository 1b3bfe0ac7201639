with

published as (

    select
        {{ disclosed_rows(
            relation=ref('int_mapping_disclosure'),
            key=['modality'],
            columns={
                'n_examinations': ['count', 'are_mapping_shown'],
                'n_mapped': ['count', 'are_mapping_shown'],
                'n_without_procedure': ['count', 'are_decisions_shown'],
                'n_undecided': ['count', 'are_decisions_shown'],
                'n_mapped_by_code': ['count', 'are_rule_kinds_shown'],
                'n_mapped_by_exact_text': ['count', 'are_rule_kinds_shown'],
                'n_mapped_by_pattern': ['count', 'are_rule_kinds_shown'],
                'n_mapped_by_reading': ['count', 'are_rule_kinds_shown'],
            },
        ) }}

),

final as (

    select
        published.modality,
        published.n_examinations,
        published.n_mapped,
        published.n_without_procedure,
        published.n_undecided,
        published.n_mapped_by_code,
        published.n_mapped_by_exact_text,
        published.n_mapped_by_pattern,
        published.n_mapped_by_reading,
        round(published.n_mapped / nullif(published.n_examinations, 0), 2) as mapped_share,
        published.disclosure,
        published.disclosure_profile
    from published

)

select * from final
