with

loads as (

    select * from {{ source('lake', 'declared_benchmark') }}

),

final as (

    select * from loads
    where sequence_number = (select max(newest.sequence_number) from loads as newest)

)

select * from final
