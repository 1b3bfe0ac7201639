{#- Rows of one table of the lake that belong to counted reports: all except those of the few
    reports that are not counted. Both models are arguments, so that each model's text names what it
    reads. -#}
{% macro rows_of_counted_reports(table, reports_not_counted) -%}
with

lake_rows as (

    select * from {{ table }}

),

reports_not_counted as (

    select * from {{ reports_not_counted }}

),

final as (

    select lake_rows.*
    from lake_rows
    anti join reports_not_counted
        on
            lake_rows.submission_id = reports_not_counted.submission_id
            and lake_rows.object_sha256 = reports_not_counted.object_sha256

)

select * from final
{%- endmacro %}
