{#- Submission interval of a facility in days: the longest time between two submissions that its
    cadence allows. -#}
{% macro cadence_days(cadence) -%}
    case {{ cadence }}
        when 'daily' then 1
        when 'weekly' then 7
        when 'monthly' then 31
        when 'quarterly' then 92
        when 'yearly' then 366
    end
{%- endmacro %}
