with

final as (

    select * from {{ source('lake', 'shared_report') }}

)

select * from final
