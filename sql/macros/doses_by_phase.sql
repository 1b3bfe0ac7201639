{#- Doses of acquisitions as each rule for phases takes them (`phases` of seed methods): each scan;
    the first scan of each target region of an examination; all scans of a region together, their
    DLP added and their CTDIvol and SSDE weighted by length. A rule that no method has gives no
    rows. -#}
{% macro doses_by_phase(doses) -%}
    select
        *,
        'each' as phases
    from {{ doses }}
    where
        {{ is_usable() }}
        and 'each' in (select phases from groups_wanted)

    union all

    select
        *,
        'first' as phases
    from {{ doses }}
    where
        {{ is_usable() }}
        and phase_number = 1
        and 'first' in (select phases from groups_wanted)

    union all by name

    select
        facility_id,
        study_key,
        modality,
        target_region_code,
        drl_quantity,
        unit,
        any_value(device_key) as device_key,
        any_value(period) as period,
        any_value(procedure_id) as procedure_id,
        any_value(patient_group_ids) as patient_group_ids,
        any_value(patient_weight_kg) as patient_weight_kg,
        any_value(is_of_one_region) as is_of_one_region,
        bool_or(is_derived) as is_derived,
        case
            when drl_quantity = 'dlp' then cast(sum({{ exact_decimal('value') }}) as double)
            when min(value) = max(value) then max(value)
            when count(scanned_length_mm) = count(*)
                then
                    sum({{ exact_decimal('value * scanned_length_mm') }})
                    / sum({{ exact_decimal('scanned_length_mm') }})
        end as value,
        'all' as phases
    from {{ doses }}
    where
        {{ is_usable() }}
        and 'all' in (select phases from groups_wanted)
    group by facility_id, study_key, modality, target_region_code, drl_quantity, unit
    having value is not null
{%- endmacro %}


{#- Whether a dose is in the statistics of some method: methods have their own patient groups. -#}
{% macro is_usable() -%}
    coalesce(exclusion_reason in {{ without_group_reasons() }}, true)
{%- endmacro %}
