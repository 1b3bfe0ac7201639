-- Per submission: the accepted objects are the dose reports that the statistics read. Compares the
-- sizes of the sets and the sums of their hashes, which avoids joining millions of names.
{{ config(tags=['ledger']) }}

with

dose_reports as (

    select * from {{ ref('stg_lake__dose_reports') }}

),

accepted as (

    select
        submission_id,
        n_accepted,
        sum_of_accepted_hashes as sum_of_hashes
    from {{ ref('int_decode_attempts') }}
    where n_accepted > 0

),

read as (

    select
        submission_id,
        count(*) as n_dose_reports,
        sum(hash(object_sha256)) as sum_of_hashes
    from dose_reports
    group by submission_id

),

final as (

    select
        coalesce(accepted.submission_id, read.submission_id) as submission_id,
        coalesce(accepted.n_accepted, 0) as n_accepted,
        coalesce(read.n_dose_reports, 0) as n_dose_reports
    from accepted
    full outer join read on accepted.submission_id = read.submission_id
    where
        accepted.n_accepted is distinct from read.n_dose_reports
        or accepted.sum_of_hashes is distinct from read.sum_of_hashes

)

select * from final
