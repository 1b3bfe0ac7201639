{#- Reasons that concern the groups of the first-line method only: the examination may still be in
    the groups of another method (patient_group_ids). -#}
{% macro without_group_reasons() -%}
    ('no_patient_group', 'weight_impossible')
{%- endmacro %}
