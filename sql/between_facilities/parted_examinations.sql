{#- Parts that count at their facility although another facility has sent an event of the same
    examination that they lack, and the parts with those events: none of them is whole. -#}
with

shared_keys as (

    select * from {{ ref('shared_keys') }}

),

decided_parts as (

    select * from {{ ref('decided_parts') }}

),

reports as not materialized (

    select * from {{ ref('compared_reports') }}

),

events as not materialized (

    select * from {{ ref('compared_events') }}

),

shared_parts as (

    select
        reports.submission_id,
        reports.object_sha256,
        reports.part_hash
    from reports
    semi join decided_parts on reports.part_hash = decided_parts.part_hash

),

part_events as (

    select distinct
        shared_parts.part_hash,
        events.event_key
    from shared_parts
    inner join events
        on
            shared_parts.submission_id = events.submission_id
            and shared_parts.object_sha256 = events.object_sha256

),

pairs as (

    select distinct
        kept.part_hash as kept_part,
        elsewhere.part_hash as other_part
    from decided_parts
    inner join shared_keys as kept on decided_parts.part_hash = kept.part_hash
    inner join shared_keys as elsewhere
        on kept.key_hash = elsewhere.key_hash and kept.facility_id <> elsewhere.facility_id
    where decided_parts.is_decided and decided_parts.counted_elsewhere is null

),

lacking as (

    select distinct
        pairs.kept_part,
        pairs.other_part
    from pairs
    inner join part_events as sent on pairs.other_part = sent.part_hash
    anti join part_events as at_home
        on pairs.kept_part = at_home.part_hash and sent.event_key = at_home.event_key

),

final as (

    select kept_part as part_hash
    from lacking

    union

    select other_part as part_hash
    from lacking

)

select * from final
