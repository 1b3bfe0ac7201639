{{ config(schema='core') }}

with

texts as (

    select * from {{ ref('int_examination_texts') }}

),

examinations as (

    select * from {{ ref('int_examinations_joined') }}

),

examination_procedures as (

    select * from {{ ref('int_examination_procedures') }}

),

scans as (

    select *
    from {{ ref('int_events_classified') }}
    where event_kind = 'diagnostic'

),

reports as (

    select * from {{ ref('int_examination_reports') }}

),

-- One text per examination: of the field that was read, or else of the first field. All protocols
-- of a study are one text, which is the one without a name.
chosen_texts as (

    select
        texts.*,
        examination_procedures.rule_id,
        examination_procedures.rule_version,
        coalesce(examination_procedures.is_contradicted, false) as is_contradicted
    from texts
    left join examination_procedures
        on {{ is_same_examination('texts', 'examination_procedures') }}
    qualify
        row_number() over (
            partition by texts.facility_id, texts.study_key, texts.modality
            order by
                texts.field is not distinct from examination_procedures.read_field desc,
                list_position({{ name_fields() }}, texts.field) asc,
                texts.examination_name asc nulls first
        ) = 1

),

lengths as (

    select
        facility_id,
        study_key,
        modality,
        sum(scanned_length_mm) as scanned_length_mm,
        min(target_region_code) as target_region_code
    from scans
    group by facility_id, study_key, modality

),

described as (

    select
        chosen_texts.*,
        case
            when chosen_texts.rule_id is not null then chosen_texts.rule_id
            when chosen_texts.is_contradicted then 'contradicted'
            else 'undecided'
        end as decision,
        examinations.procedure_id,
        examinations.ctdiw_phantom,
        case chosen_texts.modality
            when 'CT' then examinations.dlp_mgy_cm
            when 'MG' then examinations.largest_agd_mgy
            when 'NM' then examinations.administered_activity_mbq
            else examinations.kap_gy_m2 * 10000
        end as dose,
        lengths.scanned_length_mm,
        lengths.target_region_code,
        {{ device_model('reports') }} as device_model
    from chosen_texts
    inner join examinations on {{ is_same_examination('chosen_texts', 'examinations') }}
    left join lengths on {{ is_same_examination('chosen_texts', 'lengths') }}
    inner join reports on {{ is_same_examination('chosen_texts', 'reports') }}
    where not {{ reads_like_an_identifier('chosen_texts.compared_text') }}

),

final as (

    select
        facility_id,
        modality,
        field,
        compared_text,
        decision,
        max(rule_version) as rule_version,
        max(procedure_id) as procedure_id,
        count(*) as n_examinations,
        median(dose) as median_dose,
        median(scanned_length_mm) as median_length_mm,
        {{ most_frequent('ctdiw_phantom') }} as ctdiw_phantom,
        {{ most_frequent('target_region_code') }} as target_region_code,
        {{ most_frequent('device_model') }} as device_model
    from described
    group by facility_id, modality, field, compared_text, decision

)

select * from final
