-- Per submission: objects received = accepted + quarantined + duplicate.
{{ config(tags=['ledger']) }}

with

object_counts as (

    select * from {{ ref('int_object_counts') }}

),

counts as (

    select
        submission_id,
        sum(if(stage = 'receive', n_objects, 0)) as n_received,
        sum(if(stage = 'validate' and outcome = 'accepted', n_objects, 0)) as n_accepted,
        sum(if(outcome = 'quarantined', n_objects, 0)) as n_quarantined,
        sum(if(stage = 'receive' and outcome = 'duplicate', n_objects, 0)) as n_duplicate
    from object_counts
    group by submission_id

),

final as (

    select *
    from counts
    where n_received <> n_accepted + n_quarantined + n_duplicate

)

select * from final
