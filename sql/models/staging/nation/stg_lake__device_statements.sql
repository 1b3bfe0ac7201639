with

statements as (

    select * from {{ source('lake', 'device_statement') }}

),

-- Statements that are not withdrawn.
final as (

    select statements.*
    from statements
    anti join statements as withdrawals
        on statements.statement_id = withdrawals.withdrawn_statement_id
    where statements.statement <> 'withdrawn'

)

select * from final
