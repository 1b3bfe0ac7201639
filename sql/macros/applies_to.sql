{#- Whether a semicolon-separated list of a seed contains a word: `RF;DX` contains RF. NULL for an
    empty list. -#}
{% macro applies_to(modalities, modality) -%}
    list_contains(string_split({{ modalities }}, ';'), {{ modality }})
{%- endmacro %}
