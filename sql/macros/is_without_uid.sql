{#- Whether copies cannot be recognised in a study: it has several reports with events, and an event
    without UID. -#}
{% macro is_without_uid() -%}
    (
        bool_or(event_key is null) over (partition by facility_id, study_key)
        and min(report_key) over (partition by facility_id, study_key)
        <> max(report_key) over (partition by facility_id, study_key)
    )
{%- endmacro %}
