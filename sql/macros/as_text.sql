{#- Values as one text that is equal where all of them are equal, to the last digit. -#}
{% macro as_text(columns) -%}
    cast(row({{ columns | join(', ') }}) as varchar)
{%- endmacro %}
