{#- Statistics of one scope (examination, acquisition, view) for one unit of analysis (facility,
    device, or examination: the whole nation), computed once for all methods that need them.
    Quantiles come from one ordered list of values, which needs eight bytes per value; means from
    decimal sums, which are exact and do not depend on the row order. `combinations` is a relation
    with all combinations of patient groups of the doses, which may be the doses themselves. -#}
{% macro unit_statistics(doses, combinations, method_groups, scope, unit_of_analysis) -%}
    {%- set rule = 'members.ctdivol_rule' -%}
    {%- set value = selected_value('doses', rule) if scope == 'examination' else 'doses.value' -%}
with

group_members as (

    {{ group_members(combinations) }}

),

groups_wanted as (

    select distinct
        unnest(string_split(modalities, ';')) as modality,
        patient_group_id,
        dose_selection,
        ctdivol_rule,
        regions,
        phases
    from {{ method_groups }}
    where scope = '{{ scope }}' and unit_of_analysis = '{{ unit_of_analysis }}'

),

doses as (

    {% if scope == 'acquisition' %}
        {{ doses_by_phase(doses) }}
    {% else %}
        select *
        from {{ doses }}
        where {{ is_usable() }}
    {% endif %}

),

members as (

    select
        groups_wanted.*,
        group_members.patient_group_ids
    from group_members
    inner join groups_wanted on group_members.patient_group_id = groups_wanted.patient_group_id

),

grouped as (

    select
        doses.period,
        {{ 'cast(null as varchar)' if unit_of_analysis == 'examination' else 'doses.facility_id' }}
            as facility_id,
        {{ 'doses.device_key' if unit_of_analysis == 'device' else 'cast(null as varchar)' }}
            as device_key,
        doses.procedure_id,
        members.patient_group_id,
        doses.drl_quantity,
        doses.unit,
        members.dose_selection,
        count(*) as n_values,
        {{ 'count(*)' if scope == 'examination' else 'count(distinct ' ~ study_hash('doses.study_key') ~ ')' }}
            as n_examinations,
        {{ 'count(distinct doses.facility_id)' if unit_of_analysis == 'examination' else 'any_value(1)' }}
            as n_facilities,
        count(*) filter (where doses.is_derived) as n_derived,
        cast(sum({{ exact_decimal(value) }}) as double) as sum_of_values,
        cast(sum({{ exact_decimal('doses.patient_weight_kg') }}) as double) as sum_of_weights,
        list_sort(list({{ value }})) as ordered_values,
        list_sort(list(doses.patient_weight_kg) filter (where doses.patient_weight_kg is not null))
            as ordered_weights
    from doses
    inner join members
        on
            doses.modality = members.modality
            and doses.patient_group_ids = members.patient_group_ids
            and (members.regions = 'any' or doses.is_of_one_region)
            {{ "and members.phases = doses.phases" if scope == 'acquisition' }}
    group by all

),

sizes as (

    select distinct
        n_values as n,
        0.5 as probability
    from grouped

),

ranks as (

    {{ binomial_ranks('sizes') }}

),

final as (

    select
        grouped.period,
        '{{ scope }}' as scope,
        '{{ unit_of_analysis }}' as unit_of_analysis,
        grouped.facility_id,
        grouped.device_key,
        grouped.procedure_id,
        grouped.patient_group_id,
        grouped.drl_quantity,
        grouped.unit,
        grouped.dose_selection,
        grouped.n_values,
        grouped.n_examinations,
        grouped.n_facilities,
        grouped.n_derived,
        {{ linear_quantile('grouped.ordered_values', 'grouped.n_values', 0.25) }} as p25,
        {{ linear_quantile('grouped.ordered_values', 'grouped.n_values', 0.5) }} as p50,
        {{ linear_quantile('grouped.ordered_values', 'grouped.n_values', 0.75) }} as p75,
        {{ linear_quantile('grouped.ordered_values', 'grouped.n_values', 0.95) }} as p95,
        grouped.sum_of_values / grouped.n_values as mean,
        grouped.ordered_values[1] as minimum,
        grouped.ordered_values[grouped.n_values] as maximum,
        grouped.ordered_values[ranks.lower_rank] as p50_lower,
        grouped.ordered_values[ranks.upper_rank] as p50_upper,
        coalesce(len(grouped.ordered_weights), 0) as n_weight_known,
        grouped.sum_of_weights / len(grouped.ordered_weights) as weight_mean_kg,
        list_median(grouped.ordered_weights) as weight_median_kg
    from grouped
    left join ranks on grouped.n_values = ranks.n

)

select * from final
{%- endmacro %}


{#- One row per set of patient groups that occurs among patients, and group in the set. -#}
{% macro group_members(combinations) -%}
    select distinct
        patient_group_ids,
        unnest(string_split(patient_group_ids, ';')) as patient_group_id
    from {{ combinations }}
{%- endmacro %}


{#- All rows of relations with the same columns. -#}
{% macro all_rows_of(relations) -%}
    {%- for relation in relations %}
        {{ 'union all' if not loop.first }}
        select * from {{ relation }}
    {%- endfor %}
{%- endmacro %}
