{#- The way to a public relation for what has no cells of national_drls: `relation` has one row per
    row that is published, with its key, what is published of it, and the columns that say what is
    shown (booleans). `columns` maps each public column to [how it is published, column that says
    whether it is]; the kinds are those of the macro `disclosed`. A row of which nothing is shown
    keeps its key and says nothing, not even why. -#}
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


{#- Whether one of the columns that say what is shown is true. -#}
{% macro any_of(relation, columns) -%}
    {%- for shown in columns.values() | map(attribute=1) | unique -%}
        {%- if not loop.first %} or {% endif -%}
        {{ relation }}.{{ shown }}
    {%- endfor -%}
{%- endmacro %}


{#- Whether a number that facilities add up to may be shown: nobody has a part of it, or enough
    facilities have and none or two of them are most of it. Needs the row `profile`. -#}
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
