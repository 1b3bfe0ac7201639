{#- A dose as a decimal number of twelve places: decimals have the same sum in every order, where
    floating-point numbers differ in the last bits. NULL is what is no dose: 1e18 and more. -#}
{% macro exact_decimal(dose) -%}
    try_cast({{ dose }} as decimal(30, 12))
{%- endmacro %}
