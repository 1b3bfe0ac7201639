{#- The value that most rows of a group have, of equally frequent ones the first in alphabetical
    order; NULL where all are NULL. -#}
{% macro most_frequent(value) -%}
    list_extract(
        list_sort(
            list_transform(
                map_entries(histogram({{ value }})),
                lambda entry: {'place': -cast(entry['value'] as bigint), 'value': entry['key']}
            )
        ),
        1
    )['value']
{%- endmacro %}
