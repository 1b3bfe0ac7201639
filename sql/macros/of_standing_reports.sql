{#- The rows of one table of the lake whose reports stand: nothing excludes the object they are
    of. Both models are given, so that the text of each model names what it is made of. -#}
{% macro of_standing_reports(table, standings) -%}
with

lake_rows as (

    select * from {{ table }}

),

report_standings as (

    select * from {{ standings }}

),

final as (

    select lake_rows.*
    from lake_rows
    semi join report_standings
        on
            lake_rows.submission_id = report_standings.submission_id
            and lake_rows.object_sha256 = report_standings.object_sha256
            and report_standings.exclusion_reason is null

)

select * from final
{%- endmacro %}
