{#- Whether a day lies in the days of a statement; an end that is not stated is open, and an
    unknown day lies in them. -#}
{% macro is_in_days(day, statements) -%}
    coalesce({{ day }} >= {{ statements }}.from_day, true)
    and coalesce({{ day }} <= {{ statements }}.to_day, true)
{%- endmacro %}


{#- Whether a calendar year has a day of a statement. -#}
{% macro is_in_year(period, statements) -%}
    coalesce({{ period }} >= year({{ statements }}.from_day), true)
    and coalesce({{ period }} <= year({{ statements }}.to_day), true)
{%- endmacro %}
