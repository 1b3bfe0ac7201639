{#- Value of a column from the reports of a study: from the report with the most events (of two
    equally large ones, the complete one); where it has none, from the next. -#}
{% macro value_of_largest_report(column) -%}
    first(
        {{ column }}
        order by
            n_report_events desc, {{ completion_rank() }} asc, report_key asc, object_sha256 asc
    ) filter (where {{ column }} is not null)
{%- endmacro %}
