{#- The methods that are built: all of the seed, or those that `drlake build --method ID` passes in
    DRLAKE_METHODS, separated by semicolons. -#}
{% macro methods_used(methods) -%}
    {%- set wanted = env_var('DRLAKE_METHODS', '') -%}
    select *
    from {{ methods }}
    where
        '{{ wanted }}' = ''
        or list_contains(string_split('{{ wanted }}', ';'), method_id)
{%- endmacro %}
