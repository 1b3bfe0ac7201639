{#- What tells an event from all others of its facility: its UID, else its place in its report. -#}
{% macro counted_event_key() -%}
    coalesce(event_key, report_key || '.' || event_index)
{%- endmacro %}
