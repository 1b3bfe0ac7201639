with

parts as (

    select * from {{ ref('int_quality_parts') }}

),

facilities as (

    select * from {{ ref('stg_lake__facilities') }}

),

profile as (

    select * from {{ ref('int_disclosure_profile') }}

),

-- All modalities have a row, whether or not they occur, and all registered types of facility.
strata as (

    select
        'modality' as dimension,
        unnest(['CBCT', 'CT', 'DENTAL', 'DX', 'DXA', 'MG', 'NM', 'RF']) as stratum

    union

    select
        'facility_type' as dimension,
        facility_type as stratum
    from facilities

    union

    select
        dimension,
        stratum
    from parts

),

sums as (

    {{ sums_of_facilities('parts', ['dimension', 'stratum', 'measure_group', 'measure']) }}

),

judged as (

    select
        sums.dimension,
        sums.measure_group,
        bool_and({{ is_safe_sum('sums') }}) as is_whole_safe
    from sums
    cross join profile
    group by sums.dimension, sums.measure_group

),

-- All or none: the strata of a dimension add up to a total that another table shows.
shown as (

    select
        dimension,
        bool_and(is_whole_safe) filter (where measure_group = 'objects') as are_objects_shown,
        bool_and(is_whole_safe) filter (where measure_group = 'examinations')
            as are_examinations_shown,
        bool_and(is_whole_safe) filter (where measure_group = 'mapping') as are_mapping_shown,
        bool_and(is_whole_safe) filter (where measure_group = 'decisions') as are_decisions_shown,
        bool_and(is_whole_safe) filter (where measure_group = 'rule_kinds') as are_rule_kinds_shown
    from judged
    group by dimension

),

measured as (

    select
        dimension,
        stratum,
        sum(n) filter (where measure = 'n_received') as n_received,
        sum(n) filter (where measure = 'n_accepted') as n_accepted,
        sum(n) filter (where measure = 'n_quarantined') as n_quarantined,
        sum(n) filter (where measure = 'n_duplicate') as n_duplicate,
        sum(n) filter (where measure = 'n_examinations') as n_examinations,
        sum(n) filter (where measure = 'n_used') as n_used,
        sum(n) filter (where measure = 'n_excluded') as n_excluded,
        sum(n) filter (where measure = 'n_mapped') as n_mapped,
        sum(n) filter (where measure = 'n_unmapped') as n_unmapped,
        sum(n) filter (where measure = 'n_undecided') as n_undecided,
        sum(n) filter (where measure = 'n_without_procedure') as n_without_procedure,
        sum(n) filter (where measure = 'n_mapped_by_code') as n_mapped_by_code,
        sum(n) filter (where measure = 'n_mapped_by_exact_text') as n_mapped_by_exact_text,
        sum(n) filter (where measure = 'n_mapped_by_pattern') as n_mapped_by_pattern,
        sum(n) filter (where measure = 'n_mapped_by_reading') as n_mapped_by_reading
    from sums
    group by dimension, stratum

),

final as (

    select
        strata.dimension,
        strata.stratum,
        coalesce(measured.n_received, 0) as n_received,
        coalesce(measured.n_accepted, 0) as n_accepted,
        coalesce(measured.n_quarantined, 0) as n_quarantined,
        coalesce(measured.n_duplicate, 0) as n_duplicate,
        coalesce(measured.n_examinations, 0) as n_examinations,
        coalesce(measured.n_used, 0) as n_used,
        coalesce(measured.n_excluded, 0) as n_excluded,
        coalesce(measured.n_mapped, 0) as n_mapped,
        coalesce(measured.n_unmapped, 0) as n_unmapped,
        coalesce(measured.n_undecided, 0) as n_undecided,
        coalesce(measured.n_without_procedure, 0) as n_without_procedure,
        coalesce(measured.n_mapped_by_code, 0) as n_mapped_by_code,
        coalesce(measured.n_mapped_by_exact_text, 0) as n_mapped_by_exact_text,
        coalesce(measured.n_mapped_by_pattern, 0) as n_mapped_by_pattern,
        coalesce(measured.n_mapped_by_reading, 0) as n_mapped_by_reading,
        coalesce(shown.are_objects_shown, false) as are_objects_shown,
        coalesce(shown.are_examinations_shown, false) as are_examinations_shown,
        coalesce(shown.are_mapping_shown, false) as are_mapping_shown,
        coalesce(shown.are_decisions_shown, false) as are_decisions_shown,
        coalesce(shown.are_rule_kinds_shown, false) as are_rule_kinds_shown
    from strata
    left join measured
        on strata.dimension = measured.dimension and strata.stratum = measured.stratum
    left join shown on strata.dimension = shown.dimension

)

select * from final
