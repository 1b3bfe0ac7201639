{#- The first-line method: its patient groups decide what attrition counts as used, and its numbers
    are shown where one number is needed (in Python: FIRST_LINE of transforms/reference/methods.py).
-#}
{% macro first_line() -%}drlake_first_line{%- endmacro %}
