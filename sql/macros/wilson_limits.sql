{#- 95 % confidence limits of a share by Wilson's score, from counts; NULL where the count is zero.
    They assume independence and are too narrow for scans, which are clustered by device. -#}
{% macro wilson_lower(numerator, denominator) -%}
    {{ wilson_limit(numerator, denominator, '-') }}
{%- endmacro %}


{% macro wilson_upper(numerator, denominator) -%}
    {{ wilson_limit(numerator, denominator, '+') }}
{%- endmacro %}


{#- With z = 1.959963984540054: z * z = 3.8414588206941254, and its half and quarter. -#}
{% macro wilson_limit(numerator, denominator, sign) -%}
    case
        when {{ denominator }} > 0
            then least(1.0, greatest(0.0, (
                {{ numerator }} + 1.9207294103470627
                {{ sign }} 1.959963984540054 * sqrt(
                    {{ numerator }} * (1.0 - {{ numerator }} / {{ denominator }})
                    + 0.9603647051735314
                )
            ) / ({{ denominator }} + 3.8414588206941254)))
    end
{%- endmacro %}
