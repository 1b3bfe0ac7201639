{#- Age band of a device by its age in completed years (seed age_bands). The lower limit is
    exclusive, the upper limit inclusive. -#}
{% macro is_in_age_band(age_years, band) -%}
    (
        {{ age_years }} > coalesce({{ band }}.lower_years, -1)
        and {{ age_years }} <= coalesce({{ band }}.upper_years, {{ age_years }})
    )
{%- endmacro %}


{#- Whether a share of the installed base meets its golden rule. -#}
{% macro golden_rule_is_met(share, rule, rule_share) -%}
    case {{ rule }}
        when 'at_least' then {{ share }} >= {{ rule_share }}
        when 'at_most' then {{ share }} <= {{ rule_share }}
    end
{%- endmacro %}
