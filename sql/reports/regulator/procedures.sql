with

levels as (

    select * from national_drls
    where
        method_id = $method_id
        and period = $period
        and disclosure = 'shown'

),

final as (

    select distinct
        modality,
        procedure_id,
        procedure_label
    from levels
    order by
        modality,
        procedure_label,
        procedure_id

)

select * from final
