{#- Eight-byte hash of a decoded report: joins of millions of reports with their event counts need a
    fraction of the memory. -#}
{% macro report_hash(relation=none) -%}
    {%- set of_relation = relation ~ '.' if relation else '' -%}
    hash({{ of_relation }}submission_id, {{ of_relation }}object_sha256)
{%- endmacro %}
