{#- Rank of the object of a copy among all objects with the same event of a facility; the rows of
    object 1 are counted. A cumulative report contains every event of the earlier reports, so the
    largest report is taken; of two equally large reports, the one that the device marked as
    complete. The rows of one object are parts of the event and share the rank. -#}
{% macro copy_number() -%}
    dense_rank() over (
        partition by facility_id, counted_event_key
        order by
            n_report_events desc,
            {{ completion_rank() }} asc,
            report_key asc,
            submission_id asc,
            object_sha256 asc
    )
{%- endmacro %}


{#- Rank without the key as tie-breaker: copies that only their key distinguishes share a rank;
    those with rank 1 are candidates for copy 1. -#}
{% macro copy_rank() -%}
    rank() over (
        partition by facility_id, counted_event_key
        order by n_report_events desc, {{ completion_rank() }} asc
    )
{%- endmacro %}


{#- Sort order: complete reports, then reports that do not say, then partial reports. -#}
{% macro completion_rank() -%}
    case completion_flag when 'COMPLETE' then 1 when 'PARTIAL' then 3 else 2 end
{%- endmacro %}
