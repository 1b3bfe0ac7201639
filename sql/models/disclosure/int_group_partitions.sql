{#- One row per patient group, partition of it into other groups, and part. -#}
{%- set axes = ['age', 'weight', 'size'] -%}
{%- set bounds = [
    ['age_lower_days', 'age_upper_days'],
    ['weight_lower_kg', 'weight_upper_kg'],
    ['size_lower_mm', 'size_upper_mm'],
] -%}
with recursive

patient_groups as (

    select
        group_id,
        size_basis,
        coalesce(age_lower_days, 0) as age_lower_days,
        coalesce(age_upper_days, 'infinity'::double) as age_upper_days,
        weight_lower_kg,
        coalesce(weight_upper_kg, 'infinity'::double) as weight_upper_kg,
        size_lower_mm,
        coalesce(size_upper_mm, 'infinity'::double) as size_upper_mm
    from {{ ref('patient_groups') }}

),

-- Pairs of groups that differ in one condition only and can therefore be adjacent.
along_axes as (

    {% for axis in axes -%}
        select
            group_id,
            '{{ axis }}' as axis,
            cast({{ bounds[loop.index0][0] }} as double) as lower_bound,
            cast({{ bounds[loop.index0][1] }} as double) as upper_bound,
            concat_ws(
                ';', size_basis
                {%- for other in bounds if other != bounds[loop.index0] -%}
                    , coalesce({{ other[0] }}, -1), {{ other[1] }}
                {%- endfor -%}
            ) as other_conditions
        from patient_groups
        where {{ bounds[loop.index0][0] }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

tilings as (

    select
        parents.group_id as parent_group_id,
        parents.axis,
        parents.other_conditions,
        parents.upper_bound as parent_upper_bound,
        parts.upper_bound as reached,
        [parts.group_id] as parts
    from along_axes as parents
    inner join along_axes as parts
        on
            parents.axis = parts.axis
            and parents.other_conditions = parts.other_conditions
            and parents.lower_bound = parts.lower_bound
            and parents.upper_bound > parts.upper_bound

    union all

    select
        tilings.parent_group_id,
        tilings.axis,
        tilings.other_conditions,
        tilings.parent_upper_bound,
        parts.upper_bound as reached,
        list_append(tilings.parts, parts.group_id) as parts
    from tilings
    inner join along_axes as parts
        on
            tilings.axis = parts.axis
            and tilings.other_conditions = parts.other_conditions
            and tilings.reached = parts.lower_bound
            and tilings.parent_upper_bound >= parts.upper_bound

),

final as (

    select distinct
        parent_group_id,
        array_to_string(parts, '+') as partition_id,
        len(parts) as n_parts,
        unnest(parts) as part_group_id
    from tilings
    where reached = parent_upper_bound

)

select * from final
