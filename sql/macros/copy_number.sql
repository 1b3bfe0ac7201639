{#- Place of a copy among all copies of one event at a facility; 1 is the copy that counts. A
    cumulative report holds every event of the reports before it, so the largest copy wins. -#}
{% macro copy_number() -%}
    row_number() over (
        partition by facility_id, counted_event_key
        order by
            n_report_events desc,
            report_key asc,
            submission_id asc,
            object_sha256 asc,
            event_index asc
    )
{%- endmacro %}
