{#- Eight bytes for a decoded report, to count what belongs to it: millions of reports are joined to
    the numbers of their events in a fraction of the memory. -#}
{% macro report_hash(relation=none) -%}
    {%- set of_relation = relation ~ '.' if relation else '' -%}
    hash({{ of_relation }}submission_id, {{ of_relation }}object_sha256)
{%- endmacro %}
