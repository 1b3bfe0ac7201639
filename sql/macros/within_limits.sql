{#- Whether a value lies within the limits of a patient group: the lower limit belongs to it, the
    upper does not. Without limits there is no condition; an unknown value meets none. -#}
{% macro within_limits(value, lower, upper) -%}
    (
        ({{ lower }} is null or coalesce({{ value }} >= {{ lower }}, false))
        and ({{ upper }} is null or coalesce({{ value }} < {{ upper }}, false))
    )
{%- endmacro %}


{#- Whether a list of the seed (`head;neck`) holds a word; an empty list is no condition. -#}
{% macro is_listed(word, words) -%}
    ({{ words }} is null or coalesce({{ applies_to(words, word) }}, false))
{%- endmacro %}
