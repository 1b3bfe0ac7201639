{% set doses = ['ct_doses', 'xray_doses', 'administered'] %}
with

procedure_list as (

    select * from {{ ref('procedures') }}

),

reports as (

    {{ reports_with_possible_weights(ref('int_examination_reports'), ref('body_limits')) }}

),

ct_doses as (

    select * from {{ ref('int_examination_doses') }}

),

xray_doses as (

    select * from {{ ref('int_xray_examination_doses') }}

),

administered as (

    select * from {{ ref('int_administration_examination_doses') }}

),

examination_procedures as (

    select * from {{ ref('int_examination_procedures') }}

),

studies_with_administration as (

    select distinct
        facility_id,
        study_key
    from administered

),

helices as (

    select * from {{ ref('int_examination_helices') }}

),

limits as (

    {{ group_limits(ref('patient_groups')) }}

),

-- Every accepted report belongs to an examination, also one without events.
final as (

    select
        reports.facility_id,
        reports.study_key,
        reports.modality,
        reports.device_key,
        reports.study_date,
        cast(year(reports.study_date) as integer) as period,
        reports.patient_weight_kg,
        reports.is_weight_impossible,
        reports.is_age_contradicted,
        {{ limit_reached('reports.patient_age_days', 'limits.ages_days') }} as age_reached_days,
        {{ limit_reached('reports.patient_weight_kg', 'limits.weights_kg') }}
            as weight_reached_kg,
        {{ limit_reached('ct_doses.water_equivalent_diameter_mm', 'limits.diameters_mm') }}
            as diameter_reached_mm,
        reports.has_partial_report,
        coalesce(ct_doses.n_events, 0)
        + coalesce(xray_doses.n_events, 0)
        + coalesce(administered.n_events, 0) as n_events,
        coalesce(ct_doses.n_diagnostic_events, 0) as n_diagnostic_events,
        coalesce(xray_doses.n_reports_with_totals, 0) as n_reports_with_totals,
        coalesce(ct_doses.is_on_mixed_phantoms, false) as is_on_mixed_phantoms,
        ct_doses.ctdiw_phantom,
        ct_doses.ctdivol_mgy,
        ct_doses.dlp_mgy_cm,
        ct_doses.dlp_of_total_alone_mgy_cm,
        ct_doses.ssde_mgy,
        ct_doses.ctdivol_mean_mgy,
        ct_doses.ctdivol_largest_mgy,
        ct_doses.ssde_mean_mgy,
        ct_doses.ssde_largest_mgy,
        coalesce(ct_doses.is_ssde_derived, false) as is_ssde_derived,
        coalesce(ct_doses.is_dlp_incomplete, false) as is_dlp_incomplete,
        coalesce(helices.n_helices, 0) as n_helices,
        helices.n_helix_regions,
        helices.n_phases,
        coalesce(helices.n_repeated_events, 0) as n_repeated_events,
        reports.modality = 'CT'
        and {{ is_other_phantom('ct_doses.ctdiw_phantom', 'procedure_list.drl_phantom') }}
            as is_on_other_phantom,
        reports.modality = 'CT'
        and studies_with_administration.study_key is not null
        and not coalesce(procedure_list.is_hybrid_ct, false) as is_hybrid,
        xray_doses.n_planes,
        coalesce(ct_doses.is_overlapping or xray_doses.is_overlapping, false) as is_overlapping,
        coalesce(xray_doses.is_mixed, false) as is_mixed,
        coalesce(xray_doses.is_total_of_unknown_scope, false) as is_total_of_unknown_scope,
        coalesce(xray_doses.is_total_contradicted, false) as is_total_contradicted,
        {{ is_true_in_any(doses, 'is_without_uid') }} as is_without_uid,
        {{ is_true_in_any(doses, 'is_contradicted') }} as is_contradicted,
        {{ is_true_in_any(doses, 'is_outside_hard_limits') }} as is_event_outside_hard_limits,
        {{ is_true_in_any(['ct_doses'], 'is_perfusion') }} as is_perfusion,
        {{ is_true_in_any(['ct_doses'], 'is_length_unknown') }} as is_length_unknown,
        {{ is_true_in_any(['ct_doses'], 'is_diameter_outside') }} as is_diameter_outside,
        xray_doses.kap_gy_m2,
        xray_doses.air_kerma_rp_gy,
        xray_doses.fluoro_time_s,
        xray_doses.reference_point_definition,
        xray_doses.largest_agd_mgy,
        xray_doses.reason_of_views,
        administered.n_radionuclides,
        administered.administered_activity_mbq,
        examination_procedures.procedure_id,
        procedure_list.drl_phantom,
        procedure_list.drl_reference_point,
        procedure_list.is_heart,
        procedure_list.areas,
        examination_procedures.rule_id,
        examination_procedures.rule_version
    from reports
    cross join limits
    left join ct_doses on {{ is_same_examination('reports', 'ct_doses') }}
    left join xray_doses on {{ is_same_examination('reports', 'xray_doses') }}
    left join administered on {{ is_same_examination('reports', 'administered') }}
    left join examination_procedures
        on {{ is_same_examination('reports', 'examination_procedures') }}
    left join helices on {{ is_same_examination('reports', 'helices') }}
    left join studies_with_administration
        on
            reports.facility_id = studies_with_administration.facility_id
            and reports.study_key = studies_with_administration.study_key
    left join procedure_list on examination_procedures.procedure_id = procedure_list.procedure_id

)

select * from final
