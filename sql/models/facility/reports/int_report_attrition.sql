with

facilities as (

    select distinct facility_id from {{ ref('object_outcomes') }}

),

reports as not materialized (

    select * from {{ ref('int_reports_with_exclusion') }}

),

numbers as (

    select
        facilities.facility_id,
        count(reports.facility_id) as n_accepted,
        count(reports.facility_id) filter (where reports.exclusion_reason is null) as n_standing
    from facilities
    left join reports on facilities.facility_id = reports.facility_id
    group by facilities.facility_id

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
        'excluded' as step,
        exclusion_reason as reason_code,
        count(*) as n
    from reports
    where exclusion_reason is not null
    group by all

    union all

    select
        facility_id,
        3 as step_number,
        'standing' as step,
        cast(null as varchar) as reason_code,
        n_standing as n
    from numbers

)

select * from final
