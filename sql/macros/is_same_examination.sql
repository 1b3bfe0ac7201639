{#- Whether the rows of two relations belong to the same examination: one modality of a study. -#}
{% macro is_same_examination(one, other) -%}
    {{ one }}.facility_id = {{ other }}.facility_id
    and {{ one }}.study_key = {{ other }}.study_key
    and {{ one }}.modality = {{ other }}.modality
{%- endmacro %}
