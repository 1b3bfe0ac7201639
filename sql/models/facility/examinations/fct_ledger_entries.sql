{{ config(schema='core') }}

with

object_entries as (

    select * from {{ ref('int_object_ledger') }}

),

event_entries as (

    select * from {{ ref('int_event_ledger') }}

),

study_days as (

    select * from {{ ref('int_study_days') }}

),

objects as (

    select
        object_entries.facility_id,
        study_days.study_date,
        object_entries.counted,
        object_entries.side,
        object_entries.reason_code,
        count(*) as amount
    from object_entries
    left join study_days
        on
            object_entries.facility_id = study_days.facility_id
            and object_entries.study_hash = study_days.study_hash
    group by all

),

events as (

    select
        event_entries.facility_id,
        study_days.study_date,
        event_entries.side,
        event_entries.reason_code,
        sum(event_entries.n) as n_events,
        sum({{ exact_decimal('event_entries.dlp_mgy_cm') }}) as dlp_mgy_cm
    from event_entries
    left join study_days
        on
            event_entries.facility_id = study_days.facility_id
            and event_entries.study_hash = study_days.study_hash
    group by all

),

final as (

    select
        facility_id,
        study_date,
        counted,
        side,
        reason_code,
        cast(amount as double) as amount
    from objects

    union all

    select
        facility_id,
        study_date,
        unnest(['event', 'dlp_mgy_cm']) as counted,
        side,
        reason_code,
        unnest([cast(n_events as double), coalesce(cast(dlp_mgy_cm as double), 0)]) as amount
    from events

)

select * from final
