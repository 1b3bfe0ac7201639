{#- Number of manufacturers in a group with one row per device; unknown manufacturers are not
    counted. -#}
{% macro n_manufacturers(manufacturer_id) -%}
    count(distinct nullif({{ manufacturer_id }}, 'unknown'))
{%- endmacro %}


{#- Upper bound of the share of a group's devices made by one manufacturer: devices of unknown
    manufacturers are added to the largest one. -#}
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
