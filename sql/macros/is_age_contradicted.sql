{#- Whether the ages that the reports of one examination state contradict each other: they differ by
    more than one of their unit, which is a year (366 days), or a month (31 days) where all are under
    a year. An age of 0 days is also "under one year" (000Y). The limits are drlake's own. -#}
{% macro is_age_contradicted(age_days) -%}
    coalesce(
        max({{ age_days }}) - min({{ age_days }})
        > case when min({{ age_days }}) > 0 and max({{ age_days }}) < 365 then 31 else 366 end,
        false
    )
{%- endmacro %}


{#- Value of a column of an examination with several reports: of the largest report; NULL for an age
    where they contradict each other. -#}
{% macro agreed_value(column) -%}
    {%- if column == 'patient_age_days' -%}
        case
            when not {{ is_age_contradicted(column) }} then {{ value_of_largest_report(column) }}
        end
    {%- else -%}
        {{ value_of_largest_report(column) }}
    {%- endif -%}
{%- endmacro %}
