with

dose_reports as not materialized (

    select * from {{ ref('int_standing_dose_reports') }}

),

report_modalities as (

    select * from {{ ref('int_report_modalities') }}

),

reports as not materialized (

    select
        dose_reports.facility_id,
        dose_reports.submission_id,
        dose_reports.object_sha256,
        dose_reports.report_key,
        dose_reports.study_key,
        report_modalities.modality,
        dose_reports.device_key,
        dose_reports.study_date,
        dose_reports.patient_age_days,
        dose_reports.patient_sex,
        dose_reports.patient_weight_kg,
        dose_reports.study_description,
        dose_reports.requested_procedure,
        dose_reports.procedure_code,
        dose_reports.completion_flag,
        hash(dose_reports.facility_id, dose_reports.study_key, report_modalities.modality)
            as examination_hash
    from dose_reports
    inner join report_modalities
        on
            dose_reports.submission_id = report_modalities.submission_id
            and dose_reports.object_sha256 = report_modalities.object_sha256

),

repeated as (

    {{ repeated_hashes('reports', 'examination_hash') }}

),

reports_compared as (

    select reports.*
    from reports
    semi join repeated on reports.examination_hash = repeated.key_hash

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
        events.submission_id,
        events.object_sha256,
        count(*) as n_report_events
    from events
    semi join reports_compared
        on
            events.submission_id = reports_compared.submission_id
            and events.object_sha256 = reports_compared.object_sha256
    group by events.submission_id, events.object_sha256

),

sized as (

    select
        reports_compared.*,
        coalesce(report_sizes.n_report_events, 0) as n_report_events
    from reports_compared
    left join report_sizes
        on
            reports_compared.submission_id = report_sizes.submission_id
            and reports_compared.object_sha256 = report_sizes.object_sha256

),

-- Most examinations have one report: it alone states what there is, and nothing is sorted.
of_one_report as (

    select
        reports.facility_id,
        reports.study_key,
        reports.modality,
        reports.device_key,
        reports.study_date,
        reports.patient_age_days,
        reports.patient_sex,
        reports.patient_weight_kg,
        reports.study_description,
        reports.requested_procedure,
        reports.procedure_code,
        coalesce(reports.completion_flag = 'PARTIAL', false) as has_partial_report,
        1::bigint as n_reports
    from reports
    anti join repeated on reports.examination_hash = repeated.key_hash

),

-- A study of two modalities (PET and CT) is an examination of each.
of_several_reports as (

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

),

final as (

    select * from of_one_report
    union all
    select * from of_several_reports

)

select * from final
