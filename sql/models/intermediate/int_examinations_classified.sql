with

doses as (

    select * from {{ ref('int_examination_doses') }}

),

reports as (

    select * from {{ ref('int_examination_reports') }}

),

procedures as (

    select * from {{ ref('int_examination_procedures') }}

),

patient_groups as (

    select * from {{ ref('int_examination_patient_groups') }}

),

joined as (

    select
        doses.*,
        reports.device_key,
        reports.study_date,
        procedures.procedure_id,
        procedures.rule_id,
        procedures.rule_version,
        patient_groups.patient_group_id
    from doses
    left join reports
        on
            doses.facility_id = reports.facility_id
            and doses.study_key = reports.study_key
    left join procedures
        on
            doses.facility_id = procedures.facility_id
            and doses.study_key = procedures.study_key
    left join patient_groups
        on
            doses.facility_id = patient_groups.facility_id
            and doses.study_key = patient_groups.study_key

),

-- The first reason that applies is the one that is counted.
final as (

    select
        *,
        case
            when n_diagnostic_events = 0 then 'no_diagnostic_event'
            when coalesce(ctdivol_mgy, 0) <= 0 and coalesce(dlp_mgy_cm, 0) <= 0 then 'no_dose'
            when n_phantoms > 1 then 'mixed_phantoms'
            when procedure_id is null then 'unmapped_procedure'
            when patient_group_id is null then 'no_patient_group'
        end as exclusion_reason
    from joined

)

select * from final
