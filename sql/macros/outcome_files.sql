{#- Relation with the outcome files of stage validate (column `file`). Submissions of a closed year
    are together in one file, `F001.2025-<digest>.parquet`: each counts as a file of its own. A build
    of some facilities gives a table of theirs in DRLAKE_OUTCOME_FILES. -#}
{% macro outcome_files() -%}
    {%- set lake = env_var('DRLAKE_LAKE', '') -%}
    {%- set own = "glob('" ~ lake ~ "/outcomes/validate/**/*.parquet')" -%}
    {%- set submissions = "read_parquet('" ~ lake ~ "/validated/submission/**/*.parquet', "
        ~ "hive_partitioning = false, filename = true)" -%}
    {%- set is_compacted = "regexp_full_match(parse_filename({}, true), "
        ~ "'[^.]+\\.\\d{{4}}-[0-9a-f]{{16}}')" -%}
    {%- set every = "(select file from " ~ own ~ " where not " ~ is_compacted.format('file')
        ~ " union all select submission_id || '.parquet' as file from " ~ submissions
        ~ " where " ~ is_compacted.format('filename') ~ ")" -%}
    {{ env_var('DRLAKE_OUTCOME_FILES', every) }}
{%- endmacro %}
