{#- Reasons that concern the groups of the first-line method only: the examination may still be in
    the groups of another method (patient_group_ids). -#}
{% macro without_group_reasons() -%}
    ('no_patient_group', 'weight_impossible', 'age_contradicted')
{%- endmacro %}


{#- The reason of an examination that has no group of the first-line method. -#}
{% macro reason_without_group() -%}
    case
        when is_weight_impossible then 'weight_impossible'
        when is_age_contradicted then 'age_contradicted'
        else 'no_patient_group'
    end
{%- endmacro %}
