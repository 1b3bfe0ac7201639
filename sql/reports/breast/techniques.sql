with

final as (

    select distinct technique
    from breast_doses
    where period = $period
    order by technique

)

select * from final
