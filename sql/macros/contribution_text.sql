{#- What a facility brings into a national number, as one text to compare. -#}
{% macro contribution_text() -%}
    concat_ws('|', facility_id, n_examinations, typical_values)
{%- endmacro %}
