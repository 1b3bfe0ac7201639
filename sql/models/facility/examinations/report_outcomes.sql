{{ config(schema='marts', materialized='view', contract={'enforced': true}) }}

with

reports as (

    select * from {{ ref('int_reports_with_exclusion') }}

),

counted_events as (

    select * from {{ ref('int_counted_events') }}

),

examinations as (

    select * from {{ ref('int_examinations_classified') }}

),

counted as (

    select
        reports.facility_id,
        reports.submission_id,
        reports.object_sha256,
        reports.study_key,
        reports.exclusion_reason,
        count(counted_events.facility_id) as n_counted_events
    from reports
    left join counted_events on reports.report_hash = counted_events.report_hash
    group by all

),

final as (

    select
        counted.*,
        examinations.modality,
        examinations.n_events as n_examination_events,
        examinations.exclusion_reason as examination_exclusion_reason,
        examinations.procedure_id,
        examinations.patient_group_id
    from counted
    left join examinations
        on
            counted.facility_id = examinations.facility_id
            and counted.study_key = examinations.study_key

)

select * from final
