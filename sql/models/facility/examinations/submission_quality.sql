{{ config(schema='marts', contract={'enforced': true}) }}

with

final_outcomes as (

    select * from {{ ref('object_outcomes') }}

),

submissions as (

    select * from {{ ref('stg_lake__submissions') }}

),

findings as (

    select * from {{ ref('stg_lake__findings') }}

),

report_modalities as (

    select * from {{ ref('int_report_modalities') }}

),

events as (

    select submission_id from {{ ref('stg_lake__ct_irradiation_events') }}

    union all

    select submission_id from {{ ref('stg_lake__xray_irradiation_events') }}

),

examinations as (

    select * from {{ ref('int_examinations_classified') }}

),

objects as (

    select
        facility_id,
        submission_id,
        count(*) as n_received,
        count(*) filter (where outcome = 'accepted') as n_accepted,
        count(*) filter (where outcome = 'held') as n_held,
        count(*) filter (where outcome = 'quarantined') as n_quarantined,
        count(*) filter (where outcome = 'duplicate') as n_duplicate
    from final_outcomes
    group by facility_id, submission_id

),

doubts as (

    select
        {{ arrival_of('submission_id') }} as arrival_id,
        count(*) as n_findings,
        first(reason order by submission_id, finding_index) filter (where severity = 'hold')
            as hold_reason
    from findings
    group by all

),

submission_events as (

    select
        {{ arrival_of('submission_id') }} as arrival_id,
        count(*) as n_events
    from events
    group by all

),

submission_studies as (

    select distinct
        facility_id,
        {{ arrival_of('submission_id') }} as arrival_id,
        study_key,
        modality
    from report_modalities

),

submission_examinations as (

    select
        submission_studies.arrival_id,
        count(*) as n_examinations,
        count(*) filter (where examinations.procedure_id is null) as n_unmapped_examinations
    from submission_studies
    inner join examinations
        on
            submission_studies.facility_id = examinations.facility_id
            and submission_studies.study_key = examinations.study_key
            and submission_studies.modality = examinations.modality
    group by submission_studies.arrival_id

),

final as (

    select
        objects.facility_id,
        objects.submission_id,
        submissions.first_study_date,
        submissions.last_study_date,
        objects.n_received,
        objects.n_accepted,
        objects.n_held,
        objects.n_quarantined,
        objects.n_duplicate,
        case
            when objects.n_held > 0 and objects.n_accepted = 0 then 'held'
            else 'accepted'
        end as status,
        case when objects.n_held > 0 then doubts.hold_reason end as hold_reason,
        coalesce(doubts.n_findings, 0) as n_findings,
        coalesce(submission_events.n_events, 0) as n_events,
        coalesce(submission_examinations.n_examinations, 0) as n_examinations,
        coalesce(submission_examinations.n_unmapped_examinations, 0) as n_unmapped_examinations
    from objects
    left join submissions on objects.submission_id = submissions.submission_id
    left join doubts on objects.submission_id = doubts.arrival_id
    left join submission_events on objects.submission_id = submission_events.arrival_id
    left join submission_examinations
        on objects.submission_id = submission_examinations.arrival_id

)

select * from final
