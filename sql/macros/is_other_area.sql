{#- Whether a scan shows none of the areas of its procedure. False where the region is unknown or
    the procedure has no areas. -#}
{% macro is_other_area(region_areas, procedure_areas) -%}
    not coalesce(
        list_has_any(
            string_split({{ region_areas }}, ';'), string_split({{ procedure_areas }}, ';')
        ),
        true
    )
{%- endmacro %}
