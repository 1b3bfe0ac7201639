{#- Whether a decision counts: always, or with `drlake build --reviewed-only` if the row that made
    it has a reviewer. -#}
{% macro is_reviewed(reviewer) -%}
    {%- if env_var('DRLAKE_REVIEWED_ONLY', 'false') == 'true' -%}
        {{ reviewer }} is not null
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
