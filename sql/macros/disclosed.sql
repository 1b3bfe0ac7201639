{#- The one way from a restricted relation to a public one. `decisions` has a row for every cell
    there could be, with what becomes of it; `repeated` are the rows as they were published before;
    `columns` maps each public column to how it is published:
        word        as it stands
        count       to the nearest multiple of the profile's count_rounding
        examinations  the same, and only where the margins allow it
        value       to the nearest step; lower and upper: outwards to the next one
        minimum, maximum  as value, where the profile shows extremes; those of the decision
        origin      the earlier release that states the number, if one does
    A cell that is not shown keeps its key and says nothing, not even why: the reason alone would
    tell that there are nine facilities and not ten (marts.disclosure_decisions has it). -#}
{% macro disclosed(restricted, decisions, repeated, key, columns) -%}
    {%- for name in key %}
        decisions.{{ name }},
    {%- endfor %}
    {%- for name, kind in columns.items() %}
        case decisions.decision
            when 'anew' then {{ public_form('restricted.' ~ name, kind) }}
            when 'repeated' then {{ repeated_value('repeated.' ~ name, kind) }}
        end as {{ name }},
    {%- endfor %}
        case when decisions.decision in ('anew', 'repeated') then 'shown' else 'suppressed' end
            as disclosure
    from {{ decisions }} as decisions
    cross join {{ ref('int_disclosure_profile') }} as profile
    left join {{ restricted }} as restricted
        on {{ is_same_key('decisions', 'restricted', key) }}
    left join {{ repeated }} as repeated
        on
            {{ is_same_key('decisions', 'repeated', key) }}
            and decisions.repeated_release = repeated.release_id
{%- endmacro %}


{#- Whether two rows have one key; NULL is a value of a key like any other. -#}
{% macro is_same_key(one, other, key) -%}
    {%- for name in key -%}
        {%- if not loop.first %} and {% endif -%}
        {{ one }}.{{ name }} is not distinct from {{ other }}.{{ name }}
    {%- endfor -%}
{%- endmacro %}


{#- A restricted number in its public form; needs the rows `profile` and, of its cell, `decisions`.
-#}
{% macro public_form(number, kind) -%}
    {%- if kind == 'word' -%}
        {{ number }}
    {%- elif kind == 'count' -%}
        {{ to_multiple(number) }}
    {%- elif kind == 'examinations' -%}
        case when decisions.shows_examinations then {{ to_multiple(number) }} end
    {%- elif kind == 'value' -%}
        {{ to_step(number, 'round') }}
    {%- elif kind == 'lower' -%}
        case
            when profile.show_extremes or {{ number }} > decisions.minimum
                then {{ to_step(number, 'floor') }}
        end
    {%- elif kind == 'upper' -%}
        case
            when profile.show_extremes or {{ number }} < decisions.maximum
                then {{ to_step(number, 'ceil') }}
        end
    {%- elif kind in ('minimum', 'maximum') -%}
        case when profile.show_extremes then {{ to_step('decisions.' ~ kind, 'round') }} end
    {%- elif kind == 'origin' -%}
        null
    {%- endif -%}
{%- endmacro %}


{#- A number as it was published before. -#}
{% macro repeated_value(number, kind) -%}
    {%- if kind == 'examinations' -%}
        case when decisions.shows_examinations then {{ number }} end
    {%- elif kind == 'origin' -%}
        coalesce({{ number }}, repeated.release_id)
    {%- else -%}
        {{ number }}
    {%- endif -%}
{%- endmacro %}


{#- A count to the nearest multiple of the profile's count_rounding. -#}
{% macro to_multiple(number) -%}
    cast(round({{ number }} / profile.count_rounding) * profile.count_rounding as bigint)
{%- endmacro %}


{#- A dose to the grid of the profile: steps of 1, 2 or 5 times a power of ten, as wide as the
    significant digits and at least as wide as the share of the value. 20 and 40 begin wider steps
    and lie on both grids, so that rounding never turns two values round. -#}
{% macro to_step(number, direction) -%}
    case
        when profile.value_significant_digits is null or {{ number }} = 0 then {{ number }}
        else round(
            {{ direction }}(round({{ number }} / {{ step(number) }}, 9)) * {{ step(number) }},
            cast(1 - floor(log10({{ least_step(number) }})) as integer)
        )
    end
{%- endmacro %}


{#- The step of the grid at a dose that is above zero. -#}
{% macro step(number) -%}
    (
        pow(10, floor(log10({{ least_step(number) }})))
        * case
            when {{ step_mantissa(number) }} <= 1 then 1
            when {{ step_mantissa(number) }} <= 2 then 2
            when {{ step_mantissa(number) }} <= 5 then 5
            else 10
        end
    )
{%- endmacro %}


{% macro step_mantissa(number) -%}
    round({{ least_step(number) }} / pow(10, floor(log10({{ least_step(number) }}))), 9)
{%- endmacro %}


{% macro least_step(number) -%}
    greatest(
        pow(10, floor(log10({{ number }})) + 1 - profile.value_significant_digits),
        coalesce(profile.minimum_relative_step, 0) * {{ number }}
    )
{%- endmacro %}


{#- The rule that alone forbids to show a cell of so many contributors; NULL where none does. A
    facility with fewer examinations than the minimum hides nobody, so that it does not count
    towards the minimum of facilities. -#}
{% macro primary_rule(measures) -%}
    case
        when coalesce({{ measures }}.n_facilities, 0) = 0 then 'no_contributor'
        when {{ measures }}.n_large_facilities < profile.minimum_facilities then 'minimum_facilities'
        when {{ measures }}.n_examinations < profile.minimum_examinations then 'minimum_examinations'
        when {{ measures }}.largest_share > profile.largest_share then 'largest_share'
        when {{ measures }}.two_largest_share > profile.two_largest_share then 'two_largest_share'
    end
{%- endmacro %}
