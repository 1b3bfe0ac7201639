{#- The largest limit at or below a value: all values between two limits are of the same patient
    groups. A value below all reaches minus infinity, which is one of them; an unknown value none. -#}
{% macro limit_reached(value, limits) -%}
    list_max(list_filter({{ limits }}, lambda one: one <= {{ value }}))
{%- endmacro %}
