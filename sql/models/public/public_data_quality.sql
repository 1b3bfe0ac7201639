with

published as (

    select
        {{ disclosed_rows(
            relation=ref('int_quality_disclosure'),
            key=['dimension', 'stratum'],
            columns={
                'n_received': ['count', 'are_objects_shown'],
                'n_accepted': ['count', 'are_objects_shown'],
                'n_quarantined': ['count', 'are_objects_shown'],
                'n_duplicate': ['count', 'are_objects_shown'],
                'n_examinations': ['count', 'are_examinations_shown'],
                'n_used': ['count', 'are_examinations_shown'],
                'n_excluded': ['count', 'are_examinations_shown'],
                'n_mapped': ['count', 'are_mapping_shown'],
            },
        ) }}

),

final as (

    select
        published.dimension,
        published.stratum,
        published.n_received,
        published.n_accepted,
        published.n_quarantined,
        published.n_duplicate,
        published.n_examinations,
        published.n_used,
        published.n_excluded,
        published.n_mapped,
        round(published.n_quarantined / nullif(published.n_received, 0), 2) as quarantined_share,
        round(published.n_used / nullif(published.n_examinations, 0), 2) as used_share,
        round(published.n_mapped / nullif(published.n_examinations, 0), 2) as mapped_share,
        published.disclosure,
        published.disclosure_profile
    from published

)

select * from final
