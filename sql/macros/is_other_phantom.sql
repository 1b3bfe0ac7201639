{#- Whether CTDIvol does not refer to the phantom of the procedure's reference levels; also true
    where no phantom is reported. False for a procedure without phantom. -#}
{% macro is_other_phantom(ctdiw_phantom, drl_phantom) -%}
    not coalesce({{ ctdiw_phantom }} = {{ drl_phantom }}, {{ drl_phantom }} is null)
{%- endmacro %}
