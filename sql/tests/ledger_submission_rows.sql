-- Per submission: the number of objects in its record equals the number of objects with outcomes.
{{ config(tags=['ledger']) }}

with

submissions as (

    select * from {{ ref('stg_lake__submissions') }}

),

counts as (

    select
        submission_id,
        n_received
    from {{ ref('int_decode_attempts') }}
    where n_received > 0

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
