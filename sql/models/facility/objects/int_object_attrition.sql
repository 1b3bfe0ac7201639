with

final_outcomes as not materialized (

    select * from {{ ref('object_outcomes') }}

),

received as (

    select
        facility_id,
        1 as step_number,
        'received' as step,
        cast(null as varchar) as reason_code,
        count(*) as n
    from final_outcomes
    group by facility_id

),

lost as (

    select
        facility_id,
        case outcome when 'duplicate' then 2 else 3 end as step_number,
        outcome as step,
        coalesce(reason_code, 'unknown') as reason_code,
        count(*) as n
    from final_outcomes
    where outcome in ('duplicate', 'quarantined', 'held')
    group by all

),

accepted as (

    select
        facility_id,
        4 as step_number,
        'accepted' as step,
        cast(null as varchar) as reason_code,
        count(*) filter (where outcome = 'accepted') as n
    from final_outcomes
    group by facility_id

),

final as (

    select * from received
    union all
    select * from lost
    union all
    select * from accepted

)

select * from final
