with

indicators as (

    select * from commitment_indicators
    where period = $period

),

final as (

    select
        max(disclosure_profile) as disclosure_profile,
        count(*) filter (where disclosure = 'shown') as n_shown,
        count(*) filter (where disclosure = 'suppressed') as n_withheld
    from indicators

)

select * from final
