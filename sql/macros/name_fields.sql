{#- Fields of a report that name an examination, in the order in which they are read; codes last. -#}
{% macro name_fields() -%}
    ['study_description', 'requested_procedure', 'acquisition_protocol', 'procedure_code']
{%- endmacro %}
