{#- Sort key of releases (`2026-r2`), latest first: a smaller number is a later release. -#}
{% macro release_age(release_id) -%}
    -(
        1000000 * cast(split_part({{ release_id }}, '-r', 1) as bigint)
        + cast(split_part({{ release_id }}, '-r', 2) as bigint)
    )
{%- endmacro %}
