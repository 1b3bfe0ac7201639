-- Per submission: objects received = accepted + held + quarantined + duplicate.
{{ config(tags=['ledger']) }}

with

attempts as (

    select * from {{ ref('int_decode_attempts') }}

),

final as (

    select
        submission_id,
        n_received,
        n_accepted,
        n_held,
        n_quarantined,
        n_duplicate
    from attempts
    where n_received <> n_accepted + n_held + n_quarantined + n_duplicate

)

select * from final
