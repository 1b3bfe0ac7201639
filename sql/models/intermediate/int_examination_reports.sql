with

dose_reports as (

    select * from {{ ref('int_standing_dose_reports') }}

),

report_modalities as (

    select * from {{ ref('int_report_modalities') }}

),

events as (

    select
        submission_id,
        object_sha256
    from {{ ref('int_standing_ct_irradiation_events') }}

    union all

    select
        submission_id,
        object_sha256
    from {{ ref('int_standing_xray_irradiation_events') }}

    union all

    select
        submission_id,
        object_sha256
    from {{ ref('int_standing_radiopharmaceutical_administrations') }}

),

report_sizes as (

    select
        submission_id,
        object_sha256,
        count(*) as n_report_events
    from events
    group by submission_id, object_sha256

),

sized as (

    select
        dose_reports.* replace (report_modalities.modality as modality),
        coalesce(report_sizes.n_report_events, 0) as n_report_events
    from dose_reports
    inner join report_modalities
        on
            dose_reports.submission_id = report_modalities.submission_id
            and dose_reports.object_sha256 = report_modalities.object_sha256
    left join report_sizes
        on
            dose_reports.submission_id = report_sizes.submission_id
            and dose_reports.object_sha256 = report_sizes.object_sha256

),

-- A study of two modalities (PET and CT) is an examination of each.
final as (

    select
        facility_id,
        study_key,
        modality,
        {{ first_stated('device_key') }} as device_key,
        {{ first_stated('study_date') }} as study_date,
        {{ first_stated('patient_age_days') }} as patient_age_days,
        {{ first_stated('patient_sex') }} as patient_sex,
        {{ first_stated('patient_weight_kg') }} as patient_weight_kg,
        {{ first_stated('study_description') }} as study_description,
        {{ first_stated('requested_procedure') }} as requested_procedure,
        {{ first_stated('procedure_code') }} as procedure_code,
        coalesce(bool_or(completion_flag = 'PARTIAL'), false) as has_partial_report,
        count(*) as n_reports
    from sized
    group by facility_id, study_key, modality

)

select * from final
