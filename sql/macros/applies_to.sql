{#- Name of the quantities of one modality in the seed drl_quantities: `RF;DX` holds RF. -#}
{% macro applies_to(modalities, modality) -%}
    list_contains(string_split({{ modalities }}, ';'), {{ modality }})
{%- endmacro %}
