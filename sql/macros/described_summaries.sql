{#- The limits of a statistic of each procedure, by quantity and scope, in the unit of the levels. A
    quantity that has limits of acquisitions only (CTDIvol, SSDE) has the same for examinations,
    which are their mean. A procedure without a phantom has the limits of all. -#}
{% macro limits_of_procedures(hard_limits, procedures) -%}
    select
        procedures.procedure_id,
        limits.drl_quantity,
        scopes.scope,
        min(limits.lower) as lower,
        max(limits.upper) as upper
    from {{ hard_limits }} as limits
    cross join (select unnest(['examination', 'acquisition', 'view']) as scope) as scopes
    inner join {{ procedures }} as procedures
        on
            limits.modality = procedures.modality
            and (
                limits.phantom is null
                or procedures.drl_phantom is null
                or limits.phantom = procedures.drl_phantom
            )
    where
        limits.scope = scopes.scope
        or not exists (
            select others.limit_id
            from {{ hard_limits }} as others
            where
                others.modality = limits.modality
                and others.drl_quantity = limits.drl_quantity
                and others.scope = scopes.scope
        )
    group by procedures.procedure_id, limits.drl_quantity, scopes.scope
{%- endmacro %}


{#- The statistics of the forms with their unit of analysis, whether a later form of the facility
    and year replaces them, whether one of their values is outside the hard limits, and whether the
    quantity is stated for another scope than its levels have. -#}
{% macro described_summaries(stated, hard_limits, procedures, drl_quantities) -%}
    select
        stated.*,
        case when stated.device_key is null then 'facility' else 'device' end as unit_of_analysis,
        stated.sequence_number < max(stated.sequence_number) over (
            partition by stated.facility_id, stated.period
        ) as is_superseded,
        coalesce(stated.minimum < limits.lower, false)
        or coalesce(stated.maximum > limits.upper, false) as is_outside_hard_limits,
        not {{ applies_to('drl_quantities.scopes', 'stated.scope') }} as is_of_other_scope
    from {{ stated }} as stated
    inner join {{ drl_quantities }} as drl_quantities
        on stated.drl_quantity = drl_quantities.drl_quantity
    left join ({{ limits_of_procedures(hard_limits, procedures) }}) as limits
        on
            stated.procedure_id = limits.procedure_id
            and stated.drl_quantity = limits.drl_quantity
            and stated.scope = limits.scope
{%- endmacro %}
