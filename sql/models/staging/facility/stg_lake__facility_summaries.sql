with

final as (

    select * from {{ source('lake', 'facility_summary') }}

)

select * from final
