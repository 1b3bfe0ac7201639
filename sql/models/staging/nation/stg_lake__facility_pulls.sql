with

final as (

    select * from {{ source('lake', 'facility_pull') }}

)

select * from final
