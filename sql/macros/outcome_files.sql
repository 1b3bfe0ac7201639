{#- Relation with the outcome files of one stage (column `file`). A build of some facilities gives a
    table of theirs in DRLAKE_OUTCOME_FILES. -#}
{% macro outcome_files(stage) -%}
    {%- set all = env_var('DRLAKE_LAKE', '') ~ '/outcomes/' ~ stage ~ '/**/*.parquet' -%}
    {{ env_var('DRLAKE_OUTCOME_FILES', "glob('" ~ all ~ "')") }}
{%- endmacro %}
