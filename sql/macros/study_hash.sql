{#- Eight bytes for the key of a study: millions of studies are joined to their days in a fraction
    of the memory. -#}
{% macro study_hash(study_key) -%}
    hash({{ study_key }})
{%- endmacro %}
