-- Per submission: objects received = accepted + quarantined + duplicate.
{{ config(tags=['ledger']) }}

with

object_outcomes as (

    select * from {{ ref('stg_lake__object_outcomes') }}

),

counts as (

    select
        submission_id,
        count(*) filter (where stage = 'receive') as n_received,
        count(*) filter (where stage = 'validate' and outcome = 'accepted') as n_accepted,
        count(*) filter (where outcome = 'quarantined') as n_quarantined,
        count(*) filter (where stage = 'receive' and outcome = 'duplicate') as n_duplicate
    from object_outcomes
    group by submission_id

),

final as (

    select *
    from counts
    where n_received <> n_accepted + n_quarantined + n_duplicate

)

select * from final
