{#- The stated DLP total of each examination in which no scan has a DLP above zero (PS3.16 TID
    10012: the total is the sum over the events). Only where all events are of one report: totals of
    two reports may include each other, and without event doses nothing tells. -#}
{% macro dlp_totals(examinations, accumulated_doses) -%}
    select
        {{ examinations }}.facility_id,
        {{ examinations }}.study_key,
        {{ examinations }}.modality,
        max(totals.dlp_total_mgy_cm) as dlp_mgy_cm
    from {{ examinations }}
    inner join {{ accumulated_doses }} as totals
        on {{ examinations }}.first_report_hash = {{ report_hash('totals') }}
    where
        (
            ({{ examinations }}.n_without_dlp > 0 and {{ examinations }}.n_with_dlp = 0)
            or ({{ examinations }}.n_without_dlp = 0 and {{ examinations }}.dlp_of_events_mgy_cm = 0)
        )
        and {{ examinations }}.first_report_hash = {{ examinations }}.last_report_hash
        and totals.dlp_total_mgy_cm > 0
        and totals.dlp_total_mgy_cm >= coalesce({{ examinations }}.dlp_of_events_mgy_cm, 0)
    group by all
{%- endmacro %}
