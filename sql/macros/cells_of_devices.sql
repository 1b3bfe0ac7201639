{#- Cells of the national levels that a named device contributes to, or would: it has examinations
    of the procedure and the patient group with the quantity. -#}
{% macro cells_of_devices(devices, typical_values, doses) -%}
    select distinct
        {{ devices }}.*,
        {{ typical_values }}.method_id,
        {{ typical_values }}.method_version,
        {{ typical_values }}.procedure_id,
        {{ typical_values }}.patient_group_id,
        {{ typical_values }}.unit
    from {{ devices }}
    inner join {{ doses }} as doses
        on
            {{ devices }}.facility_id = doses.facility_id
            and {{ devices }}.device_key = doses.device_key
            and {{ devices }}.period = doses.period
            and {{ devices }}.drl_quantity = doses.drl_quantity
    inner join {{ typical_values }}
        on
            doses.facility_id = {{ typical_values }}.facility_id
            and doses.period = {{ typical_values }}.period
            and doses.procedure_id = {{ typical_values }}.procedure_id
            and doses.drl_quantity = {{ typical_values }}.drl_quantity
            and list_contains(
                string_split(doses.patient_group_ids, ';'), {{ typical_values }}.patient_group_id
            )
            and coalesce(doses.device_key = {{ typical_values }}.device_key, true)
            and {{ typical_values }}.is_sufficient
    where {{ is_usable() }}
{%- endmacro %}
