{#- All or none: whether every part of a partition is large enough to be shown. If one part is not,
    it could be derived from the total and the others, so none is shown. Needs the row `profile`.
-#}
{% macro all_parts_large_enough(partition, n_facilities) -%}
    bool_and(coalesce({{ n_facilities }} >= profile.minimum_facilities, false)) over (
        partition by
            {{ partition | join(',\n            ') }}
    )
{%- endmacro %}
