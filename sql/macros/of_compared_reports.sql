{#- The rows of one table of the lake whose reports are compared with others. -#}
{% macro of_compared_reports(table, reports_compared) -%}
    select rows_of_table.*
    from {{ table }} as rows_of_table
    semi join {{ reports_compared }} as compared_keys
        on
            rows_of_table.submission_id = compared_keys.submission_id
            and rows_of_table.object_sha256 = compared_keys.object_sha256
{%- endmacro %}
