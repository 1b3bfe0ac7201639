{#- Quantile of n ordered values, linear between two: Hyndman-Fan type 7, as quantile_cont. -#}
{% macro linear_quantile(ordered_values, n, fraction) -%}
    (
        {{ ordered_values }}[cast(floor(({{ n }} - 1) * {{ fraction }}) as bigint) + 1]
        + (({{ n }} - 1) * {{ fraction }} - floor(({{ n }} - 1) * {{ fraction }}))
        * (
            {{ ordered_values }}[cast(ceil(({{ n }} - 1) * {{ fraction }}) as bigint) + 1]
            - {{ ordered_values }}[cast(floor(({{ n }} - 1) * {{ fraction }}) as bigint) + 1]
        )
    )
{%- endmacro %}
