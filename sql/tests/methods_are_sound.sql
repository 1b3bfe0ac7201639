-- Percentiles are above 0 and at most 1, numbers of facilities and examinations at least 1, systems
-- and modalities exist. A row of method_procedures states something, and one kind of rounding.
-- Pooled acquisitions would count a patient several times; pooled examinations have one rule of
-- doses. A whole examination has all of its phases. A quantity is used for what it can be stated
-- for: that of a breast view for views, never for an examination.
with

methods as (

    select * from {{ ref('methods') }}

),

group_systems as (

    select * from {{ ref('group_systems') }}

),

method_procedures as (

    select * from {{ ref('method_procedures') }}

),

of_methods as (

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
        or not list_has_all(
            ['CT', 'MG', 'RF', 'DX', 'NM', 'CBCT', 'DENTAL', 'DXA'],
            string_split(modalities, ';')
        )
        or (unit_of_analysis = 'examination' and scope <> 'examination')
        or (
            unit_of_analysis = 'examination'
            and (ctdivol_rule <> 'length_weighted' or regions <> 'any')
        )
        or (
            scope = 'examination'
            and phases <> 'all'
            and ctdivol_rule <> 'per_series'
            and method_id not in (
                select method_procedures.method_id
                from method_procedures
                where method_procedures.scope <> 'examination'
            )
        )

),

of_procedures as (

    select method_procedures.method_id
    from method_procedures
    inner join methods on method_procedures.method_id = methods.method_id
    where
        (
            method_procedures.scope is null
            and method_procedures.rounding_step is null
            and method_procedures.rounding_digits is null
        )
        or (
            method_procedures.rounding_step is not null
            and method_procedures.rounding_digits is not null
        )
        or method_procedures.rounding_step <= 0
        or method_procedures.rounding_digits < 1
        or (methods.unit_of_analysis = 'examination' and method_procedures.scope <> 'examination')

),

cells as (

    select
        listed.procedure_id,
        listed.modality,
        drl_quantities.drl_quantity,
        drl_quantities.scopes
    from {{ ref('procedures') }} as listed
    inner join {{ ref('drl_quantities') }} as drl_quantities
        on {{ applies_to('drl_quantities.modalities', 'listed.modality') }}

),

of_quantities as (

    select methods.method_id
    from methods
    inner join cells on {{ applies_to('methods.modalities', 'cells.modality') }}
    where not {{ applies_to('cells.scopes', method_scope('methods', 'cells')) }}

),

final as (

    select * from of_methods
    union all
    select * from of_procedures
    union all
    select * from of_quantities

)

select * from final
