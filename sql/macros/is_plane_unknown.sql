{#- Whether the plane of a row is stated but unknown: its code has no word, or two codes contradict
    each other. Its report names the column; a plane that is not stated is named nowhere, and is that
    of a device with a single plane. -#}
{% macro is_plane_unknown(rows, reports, table) -%}
    (
        {{ rows }}.acquisition_plane is null
        and (
            coalesce(
                contains({{ reports }}.unusable_columns, '{{ table }}.acquisition_plane:'), false
            )
            or coalesce(
                contains({{ reports }}.contradicted_columns, '{{ table }}.acquisition_plane'),
                false
            )
        )
    )
{%- endmacro %}
