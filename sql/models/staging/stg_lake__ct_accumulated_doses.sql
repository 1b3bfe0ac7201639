with

final as (

    select * from {{ source('lake', 'ct_accumulated_dose') }}

)

select * from final
