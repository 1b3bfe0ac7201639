with

final as (

    {{ methods_used(ref('methods')) }}

)

select * from final
