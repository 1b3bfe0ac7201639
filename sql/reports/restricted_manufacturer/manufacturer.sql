with

final as (

    select distinct
        manufacturer_id,
        label
    from reference.manufacturers
    where manufacturer_id = $manufacturer_id

)

select * from final
