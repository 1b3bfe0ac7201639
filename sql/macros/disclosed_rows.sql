{#- Publishes tables without cells of national_drls: `relation` has one row per published row, with
    its key, its numbers, and boolean columns that say what is shown. `columns` maps each public
    column to [kind of publication, column that says whether it is shown]; the kinds are those of
    the macro `disclosed`. A row of which nothing is shown keeps its key and gives neither numbers
    nor a reason. -#}
{% macro disclosed_rows(relation, key, columns) -%}
    {%- for name in key %}
        decisions.{{ name }},
    {%- endfor %}
    {%- for name, (kind, shown) in columns.items() %}
        case when decisions.{{ shown }} then {{ public_form('decisions.' ~ name, kind) }} end
            as {{ name }},
    {%- endfor %}
        case when {{ any_of('decisions', columns) }} then 'shown' else 'suppressed' end as disclosure,
        profile.profile_id as disclosure_profile
    from {{ relation }} as decisions
    cross join {{ ref('int_disclosure_profile') }} as profile
{%- endmacro %}


{#- Whether any of the columns that say what is shown is true. -#}
{% macro any_of(relation, columns) -%}
    {%- for shown in columns.values() | map(attribute=1) | unique -%}
        {%- if not loop.first %} or {% endif -%}
        {{ relation }}.{{ shown }}
    {%- endfor -%}
{%- endmacro %}


{#- Whether a sum over facilities may be shown: no facility contributes to it, or enough facilities
    do and no one or two of them dominate it. Needs the row `profile`. -#}
{% macro is_safe_sum(cell) -%}
    coalesce(
        {{ cell }}.n = 0
        or (
            {{ cell }}.n_facilities >= profile.minimum_facilities
            and coalesce({{ cell }}.largest_share <= profile.largest_share, true)
            and coalesce({{ cell }}.two_largest_share <= profile.two_largest_share, true)
        ),
        false
    )
{%- endmacro %}
