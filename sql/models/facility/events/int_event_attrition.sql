with

facilities as (

    select distinct facility_id from {{ ref('object_outcomes') }}

),

events as not materialized (

    select * from {{ ref('int_events_with_exclusion') }}
    where kind <> 'administration'

),

event_copies_not_counted as (

    select * from {{ ref('int_event_copies_not_counted') }}
    where kind <> 'administration'

),

single_events as (

    select
        facility_id,
        is_without_dose
    from {{ ref('int_events_classified') }}

    union all

    select
        facility_id,
        is_without_dose
    from {{ ref('int_xray_event_copies') }}
    where copy_number = 1

),

accepted as (

    select
        facilities.facility_id,
        1 as step_number,
        'accepted' as step,
        cast(null as varchar) as reason_code,
        count(events.facility_id) as n
    from facilities
    left join events on facilities.facility_id = events.facility_id
    group by facilities.facility_id

),

of_excluded_reports as (

    select
        facility_id,
        2 as step_number,
        'excluded' as step,
        exclusion_reason as reason_code,
        count(*) as n
    from events
    where exclusion_reason is not null
    group by all

),

superseded as (

    select
        facility_id,
        3 as step_number,
        'superseded' as step,
        'superseded_copy' as reason_code,
        count(*) as n
    from event_copies_not_counted
    group by facility_id

),

excluded as (

    select
        facility_id,
        4 as step_number,
        'excluded' as step,
        'event_without_dose' as reason_code,
        count(*) as n
    from single_events
    where is_without_dose
    group by facility_id

),

counted as (

    select
        facilities.facility_id,
        5 as step_number,
        'counted_once' as step,
        cast(null as varchar) as reason_code,
        count(single_events.facility_id) as n
    from facilities
    left join single_events
        on facilities.facility_id = single_events.facility_id and not single_events.is_without_dose
    group by facilities.facility_id

),

final as (

    select * from accepted
    union all
    select * from of_excluded_reports
    union all
    select * from superseded
    union all
    select * from excluded
    union all
    select * from counted

)

select * from final
