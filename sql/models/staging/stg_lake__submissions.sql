with

final as (

    select * from {{ source('lake', 'submission') }}

)

select * from final
