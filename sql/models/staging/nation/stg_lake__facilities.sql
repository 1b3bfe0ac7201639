with

final as (

    select * from {{ source('lake', 'facility') }}

)

select * from final
