{#- Manufacturer and model of a device, as a rule for a model names them: `MANUFACTURER|MODEL`. NULL
    where one of them is not stated. -#}
{% macro device_model(devices) -%}
    trim({{ devices }}.manufacturer) || '|' || trim({{ devices }}.model_name)
{%- endmacro %}
