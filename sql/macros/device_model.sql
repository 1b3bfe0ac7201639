{#- Manufacturer and model of the device of a relation, as a rule for a model names them:
    `MANUFACTURER|MODEL`. NULL where one of them is not stated. -#}
{% macro device_model(relation) -%}
    trim({{ relation }}.manufacturer) || '|' || trim({{ relation }}.model_name)
{%- endmacro %}
