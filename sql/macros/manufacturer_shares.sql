{#- Manufacturers among the rows of a group, one row a device; one that is not stated is none. -#}
{% macro n_manufacturers(manufacturer_id) -%}
    count(distinct nullif({{ manufacturer_id }}, 'unknown'))
{%- endmacro %}


{#- Largest share of the devices of a group that one manufacturer may have: those of makers that are
    not stated may all be the largest one's. -#}
{% macro largest_manufacturer_share(manufacturer_id) -%}
    (
        coalesce(
            list_max(
                map_values(
                    histogram({{ manufacturer_id }}) filter (where {{ manufacturer_id }} <> 'unknown')
                )
            ), 0
        )
        + count(*) filter (where {{ manufacturer_id }} = 'unknown')
    ) / nullif(count(*), 0)
{%- endmacro %}
