with

own_counts as (

    select * from marts.attrition
    where
        facility_id = $facility_id
        and counted = $counted

),

reasons as (

    select
        reason_code,
        mend
    from reference.reasons
    union all
    select
        reason_code,
        description as mend
    from reference.exclusion_reasons

),

explained as (

    select
        reason_code,
        min(mend) as mend
    from reasons
    group by reason_code

),

first_line as (

    select arg_min(n, step_number) as n
    from own_counts
    where reason_code is null

),

final as (

    select
        replace(own_counts.step, '_', ' ') as step,
        own_counts.reason_code,
        own_counts.n,
        own_counts.n / nullif(first_line.n, 0) as share_of_first,
        explained.mend
    from own_counts
    cross join first_line
    left join explained on own_counts.reason_code = explained.reason_code
    order by
        own_counts.step_number,
        own_counts.reason_code nulls first,
        own_counts.step

)

select * from final
