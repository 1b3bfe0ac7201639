with

facilities as (

    select distinct facility_id from {{ ref('object_outcomes') }}

),

examinations as not materialized (

    select * from {{ ref('int_examinations_classified') }}

),

numbers as (

    select
        facilities.facility_id,
        count(examinations.study_key) as n_found,
        count(examinations.study_key) filter (where examinations.exclusion_reason is null)
            as n_used
    from facilities
    left join examinations on facilities.facility_id = examinations.facility_id
    group by facilities.facility_id

),

final as (

    select
        facility_id,
        1 as step_number,
        'found' as step,
        cast(null as varchar) as reason_code,
        n_found as n
    from numbers

    union all

    select
        facility_id,
        2 as step_number,
        'excluded' as step,
        exclusion_reason as reason_code,
        count(*) as n
    from examinations
    where exclusion_reason is not null
    group by all

    union all

    select
        facility_id,
        3 as step_number,
        'used' as step,
        cast(null as varchar) as reason_code,
        n_used as n
    from numbers

)

select * from final
