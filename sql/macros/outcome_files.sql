{#- Relation with the outcome files of one stage (column `file`). A build of some facilities gives a
    table of theirs in DRLAKE_OUTCOME_FILES. -#}
{% macro outcome_files(stage) -%}
    {{ env_var('DRLAKE_OUTCOME_FILES', "glob('" ~ env_var('DRLAKE_LAKE', '') ~ '/outcomes/' ~ stage ~ "/**/*.parquet')") }}
{%- endmacro %}
