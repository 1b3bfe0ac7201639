with

final as (

    select * from {{ source('lake', 'dose_report') }}

)

select * from final
