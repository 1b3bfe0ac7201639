{{ config(schema='core') }}

with

events as (

    select *
    from {{ ref('int_events_classified') }}
    where event_kind in ('diagnostic', 'volume') and not coalesce(is_repeated_acquisition, false)

),

examinations as (

    select * from {{ ref('int_examinations_classified') }}

),

drl_quantities as (

    select * from {{ ref('drl_quantities') }}

),

target_regions as (

    select * from {{ ref('target_regions') }}

),

-- Dose problems of the examination need not affect this acquisition; problems of its reports do.
acquisitions as (

    select
        events.facility_id,
        events.study_key,
        events.modality,
        events.counted_event_key,
        events.acquisition_protocol,
        events.ctdiw_phantom,
        events.mean_ctdivol_mgy,
        events.dlp_mgy_cm,
        events.size_specific_dose_mgy,
        events.is_ssde_derived,
        examinations.device_key,
        examinations.study_date,
        examinations.period,
        examinations.procedure_id,
        examinations.rule_id,
        examinations.rule_version,
        examinations.patient_group_id,
        examinations.patient_group_ids,
        examinations.patient_weight_kg,
        examinations.is_weight_impossible,
        examinations.is_age_contradicted,
        coalesce(examinations.n_helix_regions <= 1, false) as is_of_one_region,
        events.is_diameter_outside,
        events.target_region_code,
        events.scanned_length_mm,
        row_number() over phases as phase_number,
        case
            when
                examinations.exclusion_reason not in (
                    'outside_hard_limits', 'perfusion', 'length_unknown', 'incomplete_dlp',
                    'no_dose', 'mixed_phantoms', 'unmapped_procedure', 'other_phantom',
                    'no_study_date', 'no_patient_group', 'weight_impossible', 'age_contradicted'
                )
                then examinations.exclusion_reason
            when events.is_outside_hard_limits then 'outside_hard_limits'
            when examinations.procedure_id is null then 'unmapped_procedure'
            when {{ is_other_phantom('events.ctdiw_phantom', 'examinations.drl_phantom') }}
                then 'other_phantom'
            when examinations.period is null then 'no_study_date'
            when {{ is_other_area('target_regions.areas', 'examinations.areas') }}
                then 'other_region'
        end as study_exclusion_reason
    from events
    inner join examinations
        on
            events.facility_id = examinations.facility_id
            and events.study_key = examinations.study_key
            and events.modality = examinations.modality
    left join target_regions
        on events.target_region_code = target_regions.target_region_code
    where {{ is_diagnostic('events', 'examinations.is_heart') }}
    window
        phases as (
            partition by
                events.facility_id, events.study_key, events.modality, events.target_region_code
            order by events.event_index, events.counted_event_key
        )

),

long_form as (

    select
        acquisitions.*,
        drl_quantities.drl_quantity,
        drl_quantities.unit,
        drl_quantities.factor
        * case drl_quantities.drl_quantity
            when 'ctdivol' then acquisitions.mean_ctdivol_mgy
            when 'dlp' then acquisitions.dlp_mgy_cm
            when 'ssde' then acquisitions.size_specific_dose_mgy
        end as value
    from acquisitions
    inner join drl_quantities
        on {{ applies_to('drl_quantities.modalities', 'acquisitions.modality') }}

),

final as (

    select
        facility_id,
        study_key,
        modality,
        counted_event_key,
        acquisition_protocol,
        device_key,
        study_date,
        period,
        procedure_id,
        rule_id,
        rule_version,
        patient_group_id,
        patient_group_ids,
        patient_weight_kg,
        is_of_one_region,
        target_region_code,
        scanned_length_mm,
        phase_number,
        ctdiw_phantom,
        drl_quantity,
        value,
        unit,
        drl_quantity = 'ssde' and is_ssde_derived as is_derived,
        case
            when study_exclusion_reason is not null then study_exclusion_reason
            when drl_quantity = 'ssde' and value is null and is_diameter_outside
                then 'diameter_outside_tables'
            when coalesce(value, 0) <= 0 then 'no_dose'
            when patient_group_id is null then {{ reason_without_group() }}
        end as exclusion_reason
    from long_form

)

select * from final
