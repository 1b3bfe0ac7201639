{#- Eight-byte hash of a study key: joins of millions of studies with their days need a fraction of
    the memory. -#}
{% macro study_hash(study_key) -%}
    hash({{ study_key }})
{%- endmacro %}
