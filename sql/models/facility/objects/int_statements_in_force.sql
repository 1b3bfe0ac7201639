{{ config(materialized='view') }}

with

statements as (

    select * from {{ ref('stg_lake__statements') }}

),

final as (

    select statements.*
    from statements
    anti join statements as withdrawals
        on
            statements.facility_id = withdrawals.facility_id
            and statements.statement_id = withdrawals.withdrawn_statement_id
    where statements.statement <> 'withdrawn'

)

select * from final
