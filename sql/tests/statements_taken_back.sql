-- A withdrawal of a statement is itself never withdrawn, and is about the same object.
{{ config(tags=['ledger']) }}

with

statements as (

    select * from {{ ref('stg_lake__statements') }}

),

final as (

    select withdrawals.*
    from statements as withdrawals
    inner join statements
        on
            withdrawals.facility_id = statements.facility_id
            and withdrawals.withdrawn_statement_id = statements.statement_id
    where
        statements.statement = 'withdrawn'
        or statements.object_sha256 <> withdrawals.object_sha256

    union all

    select *
    from statements
    where (statement = 'withdrawn') <> (withdrawn_statement_id is not null)

)

select * from final
