{#- Publishes a restricted relation. `decisions` has a row for every possible cell, with the
    decision on its publication; `repeated` has the rows as published earlier; `columns` maps each
    public column to its kind of publication:
        word        unchanged
        count       to the nearest multiple of the profile's count_rounding
        examinations  as count, and only where the rules on margins allow it
        value       to the nearest step; lower and upper: outwards to the next step
        minimum, maximum  as value, if the profile shows extremes; taken from the decision
        origin      the earlier release that published the number, if any
        matched_*   as that kind, where enough facilities have a value in both periods
    A cell that is not shown keeps its key and gives neither numbers nor a reason: the reason alone
    would disclose that there are nine facilities and not ten (marts.disclosure_decisions has it).
-#}
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


{#- Whether two rows have the same key; NULL equals NULL. -#}
{% macro is_same_key(one, other, key) -%}
    {%- for name in key -%}
        {%- if not loop.first %} and {% endif -%}
        {{ one }}.{{ name }} is not distinct from {{ other }}.{{ name }}
    {%- endfor -%}
{%- endmacro %}


{#- Public form of a restricted number; needs the rows `profile` and `decisions` (of the cell). -#}
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
    {%- elif kind[:8] == 'matched_' -%}
        case
            when restricted.n_matched_facilities >= profile.minimum_facilities
                then {{ public_form(number, kind[8:]) }}
        end
    {%- endif -%}
{%- endmacro %}


{#- The number as published earlier. -#}
{% macro repeated_value(number, kind) -%}
    {%- if kind == 'examinations' -%}
        case when decisions.shows_examinations then {{ number }} end
    {%- elif kind == 'origin' -%}
        coalesce({{ number }}, repeated.release_id)
    {%- else -%}
        {{ number }}
    {%- endif -%}
{%- endmacro %}


{#- Rounds a count to the nearest multiple of the profile's count_rounding. -#}
{% macro to_multiple(number) -%}
    cast(round({{ number }} / profile.count_rounding) * profile.count_rounding as bigint)
{%- endmacro %}


{#- Rounds a dose to the grid of the profile: steps of 1, 2 or 5 times a power of ten, at least as
    wide as the significant digits and the share of the value require. The step changes at 20 and
    40, which lie on both grids, so that rounding never reverses the order of two values. -#}
{% macro to_step(number, direction) -%}
    case
        when profile.value_significant_digits is null or {{ number }} = 0 then {{ number }}
        else round(
            {{ direction }}(round({{ number }} / {{ step(number) }}, 9)) * {{ step(number) }},
            cast(1 - floor(log10({{ least_step(number) }})) as integer)
        )
    end
{%- endmacro %}


{#- Step of the grid at a dose above zero. -#}
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


{#- Primary suppression rule for a cell with these contributors; NULL where none applies. A facility
    with fewer examinations than the minimum protects no other facility, so it does not count
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
