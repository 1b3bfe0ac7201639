with

counted_things as (

    select
        step_number,
        step,
        reason_code,
        sum(n) as n
    from marts.attrition
    where counted = $counted
    group by step_number, step, reason_code

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
    from counted_things
    where reason_code is null

),

final as (

    select
        replace(counted_things.step, '_', ' ') as step,
        counted_things.reason_code,
        cast(counted_things.n as bigint) as n,
        counted_things.n / nullif(first_line.n, 0) as share_of_first,
        explained.mend
    from counted_things
    cross join first_line
    left join explained on counted_things.reason_code = explained.reason_code
    order by
        counted_things.step_number,
        counted_things.reason_code nulls first,
        counted_things.step

)

select * from final
