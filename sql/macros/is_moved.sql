{#- Whether the typical values of a facility disappeared or moved by more than one rounding step.
    Needs the row `profile`. -#}
{% macro is_moved(earlier_values, current_values) -%}
    (
        {{ earlier_values }} is null
        or {{ current_values }} is null
        or len({{ earlier_values }}) <> len({{ current_values }})
        or coalesce(list_bool_or(list_transform(
            list_zip({{ earlier_values }}, {{ current_values }}),
            lambda pair: abs(pair[2] - pair[1])
            > coalesce(profile.minimum_relative_step, 0) * pair[1]
        )), false)
    )
{%- endmacro %}
