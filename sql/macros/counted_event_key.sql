{#- Key that identifies an event within its facility: its UID, else its position in its report. -#}
{% macro counted_event_key() -%}
    coalesce(event_key, report_key || '.' || event_index)
{%- endmacro %}
