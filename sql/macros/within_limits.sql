{#- Whether a value lies within the limits of a patient group: lower limit inclusive, upper limit
    exclusive. Missing limits are no condition; an unknown value meets no condition. -#}
{% macro within_limits(value, lower, upper) -%}
    (
        ({{ lower }} is null or coalesce({{ value }} >= {{ lower }}, false))
        and ({{ upper }} is null or coalesce({{ value }} < {{ upper }}, false))
    )
{%- endmacro %}


{#- Whether a list of the seed (`head;neck`) contains a word; an empty list is no condition. -#}
{% macro is_listed(word, words) -%}
    ({{ words }} is null or coalesce({{ applies_to(words, word) }}, false))
{%- endmacro %}
