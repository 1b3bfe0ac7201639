{#- Whether a column is true in one of several relations that were joined; false where none has a
    row. -#}
{% macro is_true_in_any(relations, column) -%}
    {%- for relation in relations -%}
        coalesce({{ relation }}.{{ column }}, false){{ ' or ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
