{#- What the reports of a study state of a column: the report with the most events is asked
    first (of two of one size the complete one), and the next where that one is silent. -#}
{% macro value_of_largest_report(column) -%}
    first(
        {{ column }}
        order by
            n_report_events desc, {{ completion_rank() }} asc, report_key asc, object_sha256 asc
    ) filter (where {{ column }} is not null)
{%- endmacro %}
