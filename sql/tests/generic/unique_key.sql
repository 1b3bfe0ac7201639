{#- One row per combination of the key columns, none of them NULL. Only keys with a repeated hash
    are compared (macro repeated_hashes). -#}
{% test unique_key(model, columns) %}

with

repeated as (

    {{ repeated_hashes(model, 'hash(' ~ columns | join(', ') ~ ')') }}

),

final as (

    select
        {{ columns | join(', ') }},
        count(*) as n_rows
    from {{ model }}
    where
        hash({{ columns | join(', ') }}) in (select repeated.key_hash from repeated)
        or {{ columns | join(' is null or ') }} is null
    group by all
    having count(*) > 1 or {{ columns | join(' is null or ') }} is null

)

select * from final

{% endtest %}
