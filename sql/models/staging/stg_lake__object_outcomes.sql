with

final as (

    select * from {{ source('lake', 'object_outcome') }}

)

select * from final
