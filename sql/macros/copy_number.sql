{#- Place of a copy among all copies of one event at a facility; 1 is the copy that counts. A
    cumulative report holds every event of the reports before it, so the largest copy wins, and of
    two of one size the one that the device called complete. -#}
{% macro copy_number() -%}
    row_number() over (
        partition by facility_id, counted_event_key
        order by
            n_report_events desc,
            {{ completion_rank() }} asc,
            report_key asc,
            submission_id asc,
            object_sha256 asc,
            event_index asc
    )
{%- endmacro %}


{#- The copies that nothing but their key tells apart have one rank; 1 is of those that win. -#}
{% macro copy_rank() -%}
    rank() over (
        partition by facility_id, counted_event_key
        order by n_report_events desc, {{ completion_rank() }} asc
    )
{%- endmacro %}


{#- A complete report before one that does not say, and that before a partial one. -#}
{% macro completion_rank() -%}
    case completion_flag when 'COMPLETE' then 1 when 'PARTIAL' then 3 else 2 end
{%- endmacro %}
