{#- `drlake build --method ID` names the methods wanted by DRLAKE_METHODS, separated by
    semicolons; without it every method of the seed is used. -#}
{%- set wanted = env_var('DRLAKE_METHODS', '') -%}
with

methods as (

    select * from {{ ref('methods') }}

),

final as (

    select *
    from methods
    where
        '{{ wanted }}' = ''
        or list_contains(string_split('{{ wanted }}', ';'), method_id)

)

select * from final
