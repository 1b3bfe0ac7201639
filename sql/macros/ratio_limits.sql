{#- 95 % limits of the ratio of two independent levels a / b, each with its own 95 % limits: on the
    log scale, by the method of variance estimates recovery (Zou and Donner 2008,
    doi:10.1002/sim.3095). Where both surveys include the same facilities, whose values are similar
    from year to year, the limits are too wide rather than too narrow. NULL where a required limit
    is not finite, or a value is not above zero. -#}
{% macro ratio_lower_limit(a, a_lower, b, b_upper) -%}
    exp(
        {{ log_ratio(a, b) }}
        - sqrt(pow({{ log_ratio(a, a_lower) }}, 2) + pow({{ log_ratio(b_upper, b) }}, 2))
    )
{%- endmacro %}


{% macro ratio_upper_limit(a, a_upper, b, b_lower) -%}
    exp(
        {{ log_ratio(a, b) }}
        + sqrt(pow({{ log_ratio(a_upper, a) }}, 2) + pow({{ log_ratio(b, b_lower) }}, 2))
    )
{%- endmacro %}


{% macro log_ratio(a, b) -%}
    case when {{ a }} > 0 and {{ b }} > 0 then ln({{ a }} / {{ b }}) end
{%- endmacro %}


{#- Verdict that the limits of a ratio support. -#}
{% macro change_verdict(ratio_lower, ratio_upper) -%}
    case
        when {{ ratio_lower }} > 1 then 'higher'
        when {{ ratio_upper }} < 1 then 'lower'
        else 'not_distinguishable'
    end
{%- endmacro %}
