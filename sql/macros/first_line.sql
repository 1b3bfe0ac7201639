{#- The method whose patient groups decide what attrition counts as used, and whose numbers are
    shown where one number is asked for (in Python: FIRST_LINE of transforms/reference/methods.py). -#}
{% macro first_line() -%}drlake_first_line{%- endmacro %}
