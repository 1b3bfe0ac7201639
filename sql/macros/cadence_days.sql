{#- Longest time between two submissions of a facility that keeps to its cadence. -#}
{% macro cadence_days(cadence) -%}
    case {{ cadence }}
        when 'daily' then 1
        when 'weekly' then 7
        when 'monthly' then 31
        when 'quarterly' then 92
        when 'yearly' then 366
    end
{%- endmacro %}
