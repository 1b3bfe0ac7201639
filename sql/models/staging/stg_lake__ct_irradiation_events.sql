with

final as (

    select * from {{ source('lake', 'ct_irradiation_event') }}

)

select * from final
