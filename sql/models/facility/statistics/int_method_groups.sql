with

methods_used as (

    {{ methods_used(ref('methods')) }}

),

group_systems as (

    select * from {{ ref('group_systems') }}

),

-- The size groups of a method are used in addition to its patient groups.
final as (

    select distinct
        methods_used.method_id,
        methods_used.method_version,
        unnest({{ scopes_of_method('methods_used') }}) as scope,
        {{ dose_selection('methods_used') }} as dose_selection,
        methods_used.ctdivol_rule,
        methods_used.regions,
        methods_used.phases,
        methods_used.unit_of_analysis,
        methods_used.modalities,
        group_systems.group_id as patient_group_id
    from methods_used
    inner join group_systems
        on group_systems.system_id in (methods_used.patient_selection, methods_used.size_stratifier)

)

select * from final
