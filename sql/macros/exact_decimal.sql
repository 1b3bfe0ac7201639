{#- Converts a dose to a decimal number with twelve places: sums of decimals do not depend on the
    order, those of floating-point numbers do. NULL for values of 1e18 and more, which are not
    doses. -#}
{% macro exact_decimal(dose) -%}
    try_cast({{ dose }} as decimal(30, 12))
{%- endmacro %}
