with

attendance as (

    select * from {{ ref('facility_attendance') }}
    where is_registered and attendance <> 'left'

),

facilities as (

    select * from {{ ref('stg_lake__facilities') }}

),

profile as (

    select * from {{ ref('int_disclosure_profile') }}

),

placed as (

    select
        attendance.attendance,
        unnest(['all', 'facility_type', 'region']) as dimension,
        unnest(['all', facilities.facility_type, facilities.region]) as stratum
    from attendance
    inner join facilities on attendance.facility_id = facilities.facility_id

),

counted as (

    select
        dimension,
        stratum,
        count(*) as n_registered,
        count(*) filter (where attendance in ('present', 'incomplete')) as n_present,
        count(*) filter (where attendance = 'late') as n_late,
        count(*) filter (where attendance in ('missing', 'visit_failed')) as n_missing
    from placed
    group by dimension, stratum

),

final as (

    select
        counted.*,
        {{ all_parts_large_enough(['counted.dimension'], 'counted.n_registered') }} as is_shown
    from counted
    cross join profile

)

select * from final
