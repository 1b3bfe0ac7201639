-- p25 <= median <= p75, for facilities and for the nation.
with

facility_typical_values as (

    select * from {{ ref('facility_typical_values') }}

),

national_drls as (

    select * from {{ ref('national_drls') }}

),

statistics as (

    select
        p25,
        p50,
        p75
    from facility_typical_values

    union all

    select
        p25,
        p50,
        p75
    from national_drls

),

final as (

    select *
    from statistics
    where p25 > p50 or p50 > p75

)

select * from final
