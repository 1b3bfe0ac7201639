{#- Whether a decision counts, of the reviewer of the row that made it: always, or with `drlake build
    --reviewed-only` if there is one. -#}
{% macro is_reviewed(reviewer) -%}
    {%- if env_var('DRLAKE_REVIEWED_ONLY', 'false') == 'true' -%}
        {{ reviewer }} is not null
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
