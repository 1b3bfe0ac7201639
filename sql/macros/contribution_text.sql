{#- Contribution of a facility to a national number, as one text for comparison. -#}
{% macro contribution_text() -%}
    concat_ws('|', facility_id, n_examinations, typical_values)
{%- endmacro %}
