with

examinations as (

    select * from {{ ref('int_examinations_joined') }}

),

patient_limit_combinations as (

    select * from {{ ref('int_patient_limit_combinations') }}

),

-- A dose for which the modality has no reference levels is no dose of the examination.
quantities_of_modality as (

    {{ quantities_of_modality(ref('drl_quantities')) }}

),

hard_limits as (

    {{ hard_limits(ref('hard_limits'), ref('drl_quantities'), 'examination') }}

),

device_statements as (

    select * from {{ ref('device_statements') }}
    where statement = 'not_used'

),

of_devices_not_used as (

    select distinct
        examinations.facility_id,
        examinations.study_key,
        examinations.modality
    from examinations
    inner join device_statements
        on
            examinations.facility_id = device_statements.facility_id
            and examinations.device_key = device_statements.device_key
            and {{ is_in_days('examinations.study_date', 'device_statements') }}

),

points_named as (

    {{ named_reference_points('examinations', ref('reference_points')) }}

),

measured as (

    select
        examinations.* exclude (is_event_outside_hard_limits, diameter_reached_mm),
        patient_limit_combinations.patient_group_ids,
        patient_limit_combinations.patient_group_id,
        examinations.is_event_outside_hard_limits
        or {{ is_examination_outside('examinations') }} as is_outside_hard_limits,
        coalesce(examinations.air_kerma_rp_gy > 0, false)
        and examinations.drl_reference_point is not null
        and not coalesce(
            points_named.reference_point_id = examinations.drl_reference_point, false
        ) as is_of_other_reference_point,
        of_devices_not_used.study_key is not null as is_of_device_not_used,
        list_filter(
            quantities_of_modality.quantities,
            lambda quantity: quantity <> 'air_kerma_rp' or not is_of_other_reference_point
        ) as quantities_with_levels,
        {{ largest_dose('quantities_with_levels', 'examinations') }} as largest_quantity,
        list_has_any(
            quantities_of_modality.quantities, ['kap', 'air_kerma_rp', 'fluoro_time']
        ) as has_quantity_of_totals
    from examinations
    left join quantities_of_modality
        on examinations.modality = quantities_of_modality.modality
    left join hard_limits on examinations.modality = hard_limits.modality
    left join of_devices_not_used
        on {{ is_same_examination('examinations', 'of_devices_not_used') }}
    left join points_named
        on examinations.reference_point_definition = points_named.reference_point_definition
    left join patient_limit_combinations
        on
            examinations.procedure_id = patient_limit_combinations.procedure_id
            and examinations.age_reached_days
            is not distinct from patient_limit_combinations.age_reached_days
            and examinations.weight_reached_kg
            is not distinct from patient_limit_combinations.weight_reached_kg
            and examinations.diameter_reached_mm
            is not distinct from patient_limit_combinations.diameter_reached_mm
            and patient_limit_combinations.thickness_reached_mm is null

),

-- The first reason that applies is counted.
final as (

    select
        * exclude (quantities_with_levels, largest_quantity, has_quantity_of_totals),
        case
            when modality = 'CT' and n_diagnostic_events = 0
                then case when is_perfusion then 'perfusion' else 'no_diagnostic_event' end
            when modality <> 'CT' and n_events + n_reports_with_totals = 0
                then 'no_diagnostic_event'
            when is_without_uid then 'events_without_uid'
            when is_contradicted then 'contradictory_copies'
            when is_total_contradicted then 'contradictory_totals'
            when is_overlapping then 'overlapping_reports'
            when is_mixed then 'mixed_reports'
            when is_total_of_unknown_scope and has_quantity_of_totals then 'overlapping_totals'
            when n_radionuclides > 1 then 'mixed_radionuclides'
            when is_of_device_not_used then 'device_not_used'
            when is_outside_hard_limits then 'outside_hard_limits'
            when is_perfusion then 'perfusion'
            when is_dlp_incomplete then 'incomplete_dlp'
            when coalesce(largest_quantity, 0) <= 0
                then
                    case
                        when is_length_unknown then 'length_unknown'
                        when is_of_other_reference_point then 'other_reference_point'
                        else coalesce(reason_of_views, 'no_dose')
                    end
            when is_on_mixed_phantoms then 'mixed_phantoms'
            when is_hybrid then 'hybrid_ct'
            when procedure_id is null then 'unmapped_procedure'
            when is_on_other_phantom then 'other_phantom'
            when period is null then 'no_study_date'
            when patient_group_id is null then {{ reason_without_group() }}
        end as exclusion_reason
    from measured

)

select * from final
