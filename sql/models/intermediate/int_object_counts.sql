with

object_outcomes as (

    select * from {{ ref('stg_lake__object_outcomes') }}

),

-- Millions of objects become a few rows per submission here: whoever counts objects reads these.
-- Sets of objects are the same where their numbers and the sums of their hashes are.
final as (

    select
        submission_id,
        stage,
        outcome,
        reason_code,
        count(*) as n_objects,
        sum(hash(object_sha256)) as sum_of_hashes
    from object_outcomes
    group by all

)

select * from final
