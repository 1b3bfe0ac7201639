-- Percentiles are above 0 and at most 1, numbers of facilities and examinations at least 1, systems
-- and modalities exist.
-- Pooled acquisitions would count a patient several times; pooled examinations have one rule of
-- doses. A whole examination has all of its phases.
with

methods as (

    select * from {{ ref('methods') }}

),

group_systems as (

    select * from {{ ref('group_systems') }}

),

final as (

    select method_id
    from methods
    where
        percentile not between 0 and 1
        or percentile = 0
        or achievable_percentile not between 0 and 1
        or achievable_percentile = 0
        or minimum_examinations < 1
        or minimum_facilities < 1
        or rounding < 1
        or valid_to < valid_from
        or patient_selection not in (select system_id from group_systems)
        or size_stratifier not in (select system_id from group_systems)
        or not list_has_all(['CT', 'MG', 'RF', 'DX', 'NM'], string_split(modalities, ';'))
        or (unit_of_analysis = 'examination' and scope <> 'examination')
        or (
            unit_of_analysis = 'examination'
            and (ctdivol_rule <> 'length_weighted' or regions <> 'any')
        )
        or (scope = 'examination' and phases <> 'all' and ctdivol_rule <> 'per_series')

)

select * from final
