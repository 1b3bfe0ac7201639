with

examinations as (

    select * from {{ ref('int_examinations_joined') }}

),

patient_limit_combinations as (

    select * from {{ ref('int_patient_limit_combinations') }}

),

drl_quantities as (

    select
        drl_quantity,
        unnest(string_split(modalities, ';')) as modality
    from {{ ref('drl_quantities') }}

),

quantities_of_modality as (

    select
        modality,
        list(drl_quantity) as quantities
    from drl_quantities
    group by modality

),

-- A dose for which the modality has no reference levels is no dose of the examination.
measured as (

    select
        examinations.* exclude (
            age_reached_days, weight_reached_kg, diameter_reached_mm, thickness_reached_mm
        ),
        patient_limit_combinations.patient_group_ids,
        patient_limit_combinations.patient_group_id,
        {{ largest_dose('quantities_of_modality.quantities', 'examinations') }}
            as largest_quantity,
        list_has_any(
            quantities_of_modality.quantities, ['kap', 'air_kerma_rp', 'fluoro_time']
        ) as has_quantity_of_totals
    from examinations
    left join quantities_of_modality
        on examinations.modality = quantities_of_modality.modality
    left join patient_limit_combinations
        on
            examinations.procedure_id = patient_limit_combinations.procedure_id
            and examinations.age_reached_days
            is not distinct from patient_limit_combinations.age_reached_days
            and examinations.weight_reached_kg
            is not distinct from patient_limit_combinations.weight_reached_kg
            and examinations.diameter_reached_mm
            is not distinct from patient_limit_combinations.diameter_reached_mm
            and examinations.thickness_reached_mm
            is not distinct from patient_limit_combinations.thickness_reached_mm

),

-- The first reason that applies is counted.
final as (

    select
        * exclude (largest_quantity, has_quantity_of_totals),
        case
            when modality = 'CT' and n_diagnostic_events = 0 then 'no_diagnostic_event'
            when modality <> 'CT' and n_events + n_reports_with_totals = 0
                then 'no_diagnostic_event'
            when is_without_uid then 'events_without_uid'
            when is_contradicted then 'contradictory_copies'
            when is_total_contradicted then 'contradictory_totals'
            when is_overlapping then 'overlapping_reports'
            when is_mixed then 'mixed_reports'
            when is_total_of_unknown_scope and has_quantity_of_totals then 'overlapping_totals'
            when n_radionuclides > 1 then 'mixed_radionuclides'
            when is_dlp_incomplete then 'incomplete_dlp'
            when coalesce(largest_quantity, 0) <= 0 then 'no_dose'
            when is_on_mixed_phantoms then 'mixed_phantoms'
            when is_hybrid then 'hybrid_ct'
            when procedure_id is null then 'unmapped_procedure'
            when is_on_other_phantom then 'other_phantom'
            when period is null then 'no_study_date'
            when patient_group_id is null and is_weight_impossible then 'weight_impossible'
            when patient_group_id is null then 'no_patient_group'
        end as exclusion_reason
    from measured

)

select * from final
