{#- The rows of one table of the lake whose reports stand: all but those of the few that are left
    out. Both models are given, so that the text of each model names what it is made of. -#}
{% macro of_standing_reports(table, left_out) -%}
with

lake_rows as (

    select * from {{ table }}

),

reports_left_out as (

    select * from {{ left_out }}

),

final as (

    select lake_rows.*
    from lake_rows
    anti join reports_left_out
        on
            lake_rows.submission_id = reports_left_out.submission_id
            and lake_rows.object_sha256 = reports_left_out.object_sha256

)

select * from final
{%- endmacro %}
