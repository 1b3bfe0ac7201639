with

final as (

    select * from {{ source('lake', 'finding') }}

)

select * from final
