{#- Whether CTDIvol does not refer to the phantom of the procedure's reference levels; one that is
    not stated does not. A procedure without phantom asks for none. -#}
{% macro is_other_phantom(ctdiw_phantom, drl_phantom) -%}
    not coalesce({{ ctdiw_phantom }} = {{ drl_phantom }}, {{ drl_phantom }} is null)
{%- endmacro %}
