{#- Rank of a quantile among n ascending values, from 1, possibly fractional, by the name of the
    definition (Hyndman and Fan 1996): linear (type 7, DuckDB's quantile_cont), weibull (type 6),
    hazen (type 5), inverted_cdf (type 1: the smallest value that at least the share p does not
    exceed). A rank that differs from a whole number only by the rounding of n * p is taken as that
    number. -#}
{% macro quantile_rank(n, probability, definition) -%}
    least({{ n }}, greatest(1, round(
        case {{ definition }}
            when 'linear' then ({{ n }} - 1) * {{ probability }} + 1
            when 'weibull' then ({{ n }} + 1) * {{ probability }}
            when 'hazen' then {{ n }} * {{ probability }} + 0.5
            when 'inverted_cdf' then ceil(round({{ n }} * {{ probability }}, 9))
        end, 9
    )))
{%- endmacro %}


{#- Value at a fractional rank of an ascending list, by linear interpolation. The list of last
    positions gives how far each value extends where values are repeated. -#}
{% macro value_at(sorted_values, last_positions, rank) -%}
    {{ value_between(
        sorted_values,
        index_at(last_positions, 'floor(' ~ rank ~ ')'),
        index_at(last_positions, 'ceil(' ~ rank ~ ')'),
        rank ~ ' - floor(' ~ rank ~ ')'
    ) }}
{%- endmacro %}


{#- As above, where each value occurs once and the definition is linear. The rank is not rounded, so
    the last bit of a 95th percentile may differ from that of value_at. -#}
{% macro linear_quantile(sorted_values, n, probability) -%}
    {%- set position = '(' ~ n ~ ' - 1) * ' ~ probability -%}
    ({{ value_between(
        sorted_values,
        'cast(floor(' ~ position ~ ') as bigint) + 1',
        'cast(ceil(' ~ position ~ ') as bigint) + 1',
        position ~ ' - floor(' ~ position ~ ')'
    ) }})
{%- endmacro %}


{#- Interpolates linearly between two neighbours of an ascending list. -#}
{% macro value_between(sorted_values, lower_index, upper_index, share) -%}
    {{ sorted_values }}[{{ lower_index }}]
    + ({{ share }}) * (
        {{ sorted_values }}[{{ upper_index }}] - {{ sorted_values }}[{{ lower_index }}]
    )
{%- endmacro %}


{#- Index of the value at a whole position. -#}
{% macro index_at(last_positions, position) -%}
    case
        when {{ last_positions }}[-1] = len({{ last_positions }})
            then cast({{ position }} as bigint)
        else len(list_filter({{ last_positions }}, lambda reach: reach < {{ position }})) + 1
    end
{%- endmacro %}


{#- Rounds a value to a number of significant digits, halves away from zero; NULL where no number is
    given. -#}
{% macro rounded_to_digits(value, digits) -%}
    case
        when {{ value }} = 0 and {{ digits }} is not null then 0
        else round({{ value }}, {{ digits }} - 1 - cast(floor(log10(nullif(abs({{ value }}), 0))) as integer))
    end
{%- endmacro %}


{#- One of the four percentiles of a row, by probability; NULL for any other probability. -#}
{% macro percentile_of_row(row, probability) -%}
    case {{ probability }}
        when 0.25 then {{ row }}.p25
        when 0.5 then {{ row }}.p50
        when 0.75 then {{ row }}.p75
        when 0.95 then {{ row }}.p95
    end
{%- endmacro %}
