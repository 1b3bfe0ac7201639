{#- The rows of one table of the lake whose reports count: all but those of the few reports that do
    not. Both models are given, so that the text of each model names what it is made of. -#}
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
