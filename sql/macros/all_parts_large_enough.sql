{#- All or none: whether every part of a partition is large enough to be shown. Where one is not,
    the others and the total would tell it, so that none is. Needs the row `profile`. -#}
{% macro all_parts_large_enough(partition, n_facilities) -%}
    bool_and(coalesce({{ n_facilities }} >= profile.minimum_facilities, false)) over (
        partition by
            {{ partition | join(',\n            ') }}
    )
{%- endmacro %}
