with

own_objects as (

    select * from marts.object_outcomes
    where
        facility_id = $facility_id
        and outcome in ('quarantined', 'held')

),

final as (

    select
        own_objects.submission_id,
        own_objects.reason_code,
        count(*) as n_objects,
        any_value(reasons.mend) as mend
    from own_objects
    left join reference.reasons as reasons on own_objects.reason_code = reasons.reason_code
    group by own_objects.submission_id, own_objects.reason_code
    order by
        own_objects.submission_id,
        own_objects.reason_code

)

select * from final
