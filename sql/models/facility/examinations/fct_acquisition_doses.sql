{{ config(schema='core') }}

with

events as (

    select *
    from {{ ref('int_events_classified') }}
    where event_kind = 'diagnostic' and not coalesce(is_repeated_acquisition, false)

),

examinations as (

    select * from {{ ref('int_examinations_classified') }}

),

drl_quantities as (

    select * from {{ ref('drl_quantities') }}

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
        case
            when
                examinations.exclusion_reason not in (
                    'incomplete_dlp', 'no_dose', 'mixed_phantoms', 'unmapped_procedure',
                    'other_phantom', 'no_study_date', 'no_patient_group', 'weight_impossible'
                )
                then examinations.exclusion_reason
            when examinations.procedure_id is null then 'unmapped_procedure'
            when
                {{ is_other_phantom('events.ctdiw_phantom', 'examinations.drl_phantom') }}
                then 'other_phantom'
            when examinations.period is null then 'no_study_date'
        end as study_exclusion_reason
    from events
    inner join examinations
        on
            events.facility_id = examinations.facility_id
            and events.study_key = examinations.study_key
            and events.modality = examinations.modality

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
        ctdiw_phantom,
        drl_quantity,
        value,
        unit,
        drl_quantity = 'ssde' and is_ssde_derived as is_derived,
        case
            when study_exclusion_reason is not null then study_exclusion_reason
            when coalesce(value, 0) <= 0 then 'no_dose'
            when patient_group_id is null and is_weight_impossible then 'weight_impossible'
            when patient_group_id is null then 'no_patient_group'
        end as exclusion_reason
    from long_form

)

select * from final
