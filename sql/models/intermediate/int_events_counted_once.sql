{{ config(materialized='view') }}

with

event_copies as (

    select * from {{ ref('int_event_copies') }}

),

final as (

    select * exclude (copy_number)
    from event_copies
    where copy_number = 1

)

select * from final
