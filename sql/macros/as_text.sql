{#- Joins values into one text that is equal only if all values are equal to the last digit. -#}
{% macro as_text(columns) -%}
    cast(row({{ columns | join(', ') }}) as varchar)
{%- endmacro %}
