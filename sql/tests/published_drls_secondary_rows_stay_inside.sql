-- Published models read published levels only through int_published_drls_primary.
{% set leaks = models_bypassing_guard('published_drls', 'int_published_drls_primary') -%}
with

-- depends on: {{ ref('int_published_drls_primary') }}
final as (

    select unnest(string_split('{{ leaks }}', ',')) as reads_the_seed_itself
    where '{{ leaks }}' <> ''

)

select * from final
