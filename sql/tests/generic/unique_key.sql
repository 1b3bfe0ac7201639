{#- One row per combination of the key's columns; none of them NULL. -#}
{% test unique_key(model, columns) %}

with

final as (

    select
        {{ columns | join(', ') }},
        count(*) as n_rows
    from {{ model }}
    group by all
    having count(*) > 1 or {{ columns | join(' is null or ') }} is null

)

select * from final

{% endtest %}
