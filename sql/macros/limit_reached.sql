{#- Largest limit at or below a value; all values between two limits belong to the same patient
    groups. Minus infinity for a value below all limits, NULL for an unknown value. -#}
{% macro limit_reached(value, limits) -%}
    list_max(list_filter({{ limits }}, lambda one: one <= {{ value }}))
{%- endmacro %}
