with

reports as (

    select * from {{ ref('int_examination_reports') }}

),

examination_procedures as (

    select * from {{ ref('int_examination_procedures') }}

),

ct_doses as (

    select * from {{ ref('int_examination_doses') }}

),

xray_doses as (

    select * from {{ ref('int_xray_examination_doses') }}

),

-- What patient groups ask about: who was examined, where, and how thick the patient is.
final as (

    select
        reports.facility_id,
        reports.study_key,
        reports.modality,
        examination_procedures.procedure_id,
        reports.patient_age_days,
        reports.patient_weight_kg,
        ct_doses.water_equivalent_diameter_mm,
        xray_doses.compression_thickness_mm
    from reports
    inner join examination_procedures
        on
            reports.facility_id = examination_procedures.facility_id
            and reports.study_key = examination_procedures.study_key
            and reports.modality = examination_procedures.modality
            and examination_procedures.procedure_id is not null
    left join ct_doses
        on
            reports.facility_id = ct_doses.facility_id
            and reports.study_key = ct_doses.study_key
            and reports.modality = ct_doses.modality
    left join xray_doses
        on
            reports.facility_id = xray_doses.facility_id
            and reports.study_key = xray_doses.study_key
            and reports.modality = xray_doses.modality

)

select * from final
