with

facilities as (

    select distinct facility_id from {{ ref('int_object_ends') }}

),

events as (

    select facility_id from {{ ref('stg_lake__ct_irradiation_events') }}

    union all

    select facility_id from {{ ref('stg_lake__xray_irradiation_events') }}

),

event_copies as (

    select
        facility_id,
        copy_number
    from {{ ref('int_event_copies') }}

    union all

    select
        facility_id,
        copy_number
    from {{ ref('int_xray_event_copies') }}

),

events_counted_once as (

    select facility_id from {{ ref('int_events_counted_once') }}

    union all

    select facility_id from {{ ref('int_xray_events_counted_once') }}

),

accepted as (

    select
        facility_id,
        count(*) as n_accepted
    from events
    group by facility_id

),

superseded as (

    select
        facility_id,
        count(*) as n_superseded
    from event_copies
    where copy_number > 1
    group by facility_id

),

counted as (

    select
        facility_id,
        count(*) as n_counted
    from events_counted_once
    group by facility_id

),

numbers as (

    select
        facilities.facility_id,
        coalesce(accepted.n_accepted, 0) as n_accepted,
        coalesce(superseded.n_superseded, 0) as n_superseded,
        coalesce(counted.n_counted, 0) as n_counted
    from facilities
    left join accepted on facilities.facility_id = accepted.facility_id
    left join superseded on facilities.facility_id = superseded.facility_id
    left join counted on facilities.facility_id = counted.facility_id

),

final as (

    select
        facility_id,
        1 as step_number,
        'accepted' as step,
        cast(null as varchar) as reason_code,
        n_accepted as n
    from numbers

    union all

    select
        facility_id,
        2 as step_number,
        'superseded' as step,
        'superseded_copy' as reason_code,
        n_superseded as n
    from numbers
    where n_superseded > 0

    union all

    select
        facility_id,
        3 as step_number,
        'counted_once' as step,
        cast(null as varchar) as reason_code,
        n_counted as n
    from numbers

)

select * from final
