{#- Fields of a report that name an examination, in the order of reading; codes last. -#}
{% macro name_fields() -%}
    ['study_description', 'requested_procedure', 'acquisition_protocol', 'procedure_code']
{%- endmacro %}
