with

doses as (

    select * from age_band_doses
    where period = $period

),

final as (

    select
        drl_quantity,
        count(*) filter (where disclosure = 'shown') as n_shown
    from doses
    group by drl_quantity
    order by drl_quantity

)

select * from final
