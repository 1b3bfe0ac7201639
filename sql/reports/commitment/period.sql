with

counted as (

    select
        period,
        disclosure
    from commitment_indicators
    union all
    select
        period,
        disclosure
    from age_profile

),

final as (

    select coalesce(max(period) filter (where disclosure = 'shown'), max(period)) as period
    from counted

)

select * from final
