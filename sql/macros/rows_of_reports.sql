{#- Rows of one table of the lake whose reports are in a list. -#}
{% macro rows_of_reports(table, reports) -%}
    select rows_of_table.*
    from {{ table }} as rows_of_table
    semi join {{ reports }} as report_keys
        on
            rows_of_table.submission_id = report_keys.submission_id
            and rows_of_table.object_sha256 = report_keys.object_sha256
{%- endmacro %}
