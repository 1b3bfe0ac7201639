with

final as (

    select * from {{ source('lake', 'statement') }}

)

select * from final
