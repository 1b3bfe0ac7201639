{{ config(materialized='view') }}

with

attrition as (

    select * from {{ ref('attrition') }}

),

mapping_coverage as (

    select * from {{ ref('mapping_coverage') }}

),

examinations as (

    select * from {{ ref('int_examinations_classified') }}

),

facilities as (

    select * from {{ ref('stg_lake__facilities') }}

),

of_objects as (

    select
        facility_id,
        'objects' as measure_group,
        'n_' || if(step = 'held', 'quarantined', step) as measure,
        n
    from attrition
    where counted = 'object'

),

of_examinations as (

    select
        facility_id,
        modality,
        'examinations' as measure_group,
        unnest(['n_examinations', if(exclusion_reason is null, 'n_used', 'n_excluded')]) as measure,
        1 as n
    from examinations

),

of_mapping as (

    select
        facility_id,
        modality,
        unnest([
            'n_mapped',
            'n_unmapped',
            'n_undecided',
            'n_without_procedure',
            'n_mapped_by_code',
            'n_mapped_by_exact_text',
            'n_mapped_by_pattern',
            'n_mapped_by_reading'
        ]) as measure,
        unnest([
            n_mapped,
            n_examinations - n_mapped,
            n_undecided,
            n_without_procedure,
            n_mapped_by_code,
            n_mapped_by_exact_text,
            n_mapped_by_pattern,
            n_mapped_by_reading
        ]) as n
    from mapping_coverage

),

of_modalities as (

    select
        facility_id,
        modality,
        measure_group,
        measure,
        n
    from of_examinations

    union all

    select
        facility_id,
        modality,
        case
            when measure in ('n_mapped', 'n_unmapped') then 'mapping'
            when measure in ('n_undecided', 'n_without_procedure') then 'decisions'
            else 'rule_kinds'
        end as measure_group,
        measure,
        n
    from of_mapping

),

-- Every facility has a type; it is unknown where the facility is not registered.
typed as (

    select * from of_objects

    union all

    select * exclude (modality) from of_modalities

),

final as (

    select
        'modality' as dimension,
        modality as stratum,
        measure_group,
        measure,
        facility_id,
        n
    from of_modalities

    union all

    select
        'facility_type' as dimension,
        coalesce(facilities.facility_type, 'unknown') as stratum,
        typed.measure_group,
        typed.measure,
        typed.facility_id,
        typed.n
    from typed
    left join facilities on typed.facility_id = facilities.facility_id

)

select * from final
