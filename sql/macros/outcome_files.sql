{# Pattern of the outcome files of one stage, for DuckDB's glob(). #}
{% macro outcome_files(stage) %}{{ env_var('DRLAKE_LAKE') }}/outcomes/{{ stage }}/*.parquet{% endmacro %}
