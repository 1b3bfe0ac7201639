{#- `drlake build --method ID` passes the selected methods in DRLAKE_METHODS, separated by
    semicolons; without it all methods of the seed are used. -#}
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
