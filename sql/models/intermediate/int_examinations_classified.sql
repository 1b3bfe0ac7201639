with

examinations as (

    select * from {{ ref('int_examinations_joined') }}

),

measured as (

    select
        *,
        case modality
            when 'CT' then greatest(ctdivol_mgy, dlp_mgy_cm)
            when 'MG' then agd_mgy
            when 'NM' then administered_activity_mbq
            else greatest(kap_gy_m2, air_kerma_rp_gy, fluoro_time_s)
        end as largest_quantity
    from examinations

),

-- The first reason that applies is the one that is counted.
final as (

    select
        * exclude (largest_quantity),
        case
            when modality = 'CT' and n_diagnostic_events = 0 then 'no_diagnostic_event'
            when modality <> 'CT' and n_events + n_reports_with_totals = 0
                then 'no_diagnostic_event'
            when is_without_uid then 'events_without_uid'
            when is_contradicted then 'contradictory_copies'
            when is_total_contradicted then 'contradictory_totals'
            when is_overlapping then 'overlapping_reports'
            when is_mixed then 'mixed_reports'
            when n_radionuclides > 1 then 'mixed_radionuclides'
            when is_dlp_incomplete then 'incomplete_dlp'
            when coalesce(largest_quantity, 0) <= 0 then 'no_dose'
            when n_phantoms > 1 then 'mixed_phantoms'
            when is_hybrid then 'hybrid_ct'
            when procedure_id is null then 'unmapped_procedure'
            when is_on_other_phantom then 'other_phantom'
            when period is null then 'no_study_date'
            when patient_group_id is null then 'no_patient_group'
        end as exclusion_reason
    from measured

)

select * from final
