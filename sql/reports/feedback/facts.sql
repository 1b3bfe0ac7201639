with

own_facility as (

    select * from marts.facility_attendance
    where facility_id = $facility_id

),

own_submissions as (

    select * from marts.submission_quality
    where facility_id = $facility_id

),

counted as (

    select
        count(*) as n_submissions,
        count(*) filter (where status = 'held') as n_held,
        cast(coalesce(sum(n_received), 0) as bigint) as n_received,
        cast(coalesce(sum(n_accepted), 0) as bigint) as n_accepted
    from own_submissions

),

forms as (

    select count(*) as n_summaries
    from marts.facility_summaries
    where
        facility_id = $facility_id
        and exclusion_reason is distinct from 'summary_superseded'

),

final as (

    select
        own_facility.facility_name,
        coalesce(own_facility.facility_type, 'unknown') as facility_type,
        own_facility.is_registered,
        counted.*,
        forms.n_summaries
    from counted
    cross join forms
    left join own_facility on true

)

select * from final
