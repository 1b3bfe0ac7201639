-- Per submission: the objects it says it received are the objects that have outcomes.
{{ config(tags=['ledger']) }}

with

submissions as (

    select * from {{ ref('stg_lake__submissions') }}

),

object_counts as (

    select * from {{ ref('int_object_counts') }}

),

counts as (

    select
        submission_id,
        sum(n_objects) as n_received
    from object_counts
    where stage = 'receive'
    group by submission_id

),

final as (

    select
        coalesce(submissions.submission_id, counts.submission_id) as submission_id,
        submissions.objects_received as n_stated,
        counts.n_received
    from submissions
    full outer join counts on submissions.submission_id = counts.submission_id
    where submissions.objects_received is distinct from counts.n_received

)

select * from final
