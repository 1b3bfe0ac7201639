{{ config(materialized='view') }}

with

events_with_exclusion as not materialized (

    select * from {{ ref('int_events_with_exclusion') }}

),

event_copies_not_counted as (

    select * from {{ ref('int_event_copies_not_counted') }}

),

events_kept as (

    select * from {{ ref('int_counted_events') }}

),

examinations as not materialized (

    select * from {{ ref('int_examinations_classified') }}

),

-- Used doses are taken from the examinations, as the statistics read them, not summed from events
-- again. A DLP that only the total of a report states arrives with its examination.
final as (

    select
        facility_id,
        {{ study_hash('study_key') }} as study_hash,
        'arrived' as side,
        cast(null as varchar) as reason_code,
        1 as n,
        dlp_mgy_cm
    from events_with_exclusion

    union all

    select
        facility_id,
        {{ study_hash('study_key') }} as study_hash,
        'arrived' as side,
        cast(null as varchar) as reason_code,
        0 as n,
        dlp_of_total_alone_mgy_cm as dlp_mgy_cm
    from examinations
    where exclusion_reason is null and dlp_of_total_alone_mgy_cm is not null

    union all

    select
        facility_id,
        {{ study_hash('study_key') }} as study_hash,
        'lost' as side,
        exclusion_reason as reason_code,
        1 as n,
        dlp_mgy_cm
    from events_with_exclusion
    where exclusion_reason is not null

    union all

    select
        facility_id,
        {{ study_hash('study_key') }} as study_hash,
        'lost' as side,
        'superseded_copy' as reason_code,
        1 as n,
        dlp_mgy_cm
    from event_copies_not_counted

    union all

    select
        events_kept.facility_id,
        {{ study_hash('events_kept.study_key') }} as study_hash,
        'lost' as side,
        coalesce(examinations.exclusion_reason, 'no_dose') as reason_code,
        case when examinations.exclusion_reason is null then 0 else 1 end as n,
        events_kept.dlp_mgy_cm
    from events_kept
    inner join examinations
        on
            events_kept.facility_id = examinations.facility_id
            and events_kept.study_key = examinations.study_key
            and events_kept.modality = examinations.modality
    where examinations.exclusion_reason is not null or examinations.dlp_mgy_cm is null

    union all

    select
        facility_id,
        {{ study_hash('study_key') }} as study_hash,
        'used' as side,
        cast(null as varchar) as reason_code,
        n_events as n,
        dlp_mgy_cm
    from examinations
    where exclusion_reason is null

)

select * from final
