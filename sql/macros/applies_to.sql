{#- Whether a list of a seed holds a word: `RF;DX` holds RF. Of an empty list nothing is known. -#}
{% macro applies_to(modalities, modality) -%}
    list_contains(string_split({{ modalities }}, ';'), {{ modality }})
{%- endmacro %}
