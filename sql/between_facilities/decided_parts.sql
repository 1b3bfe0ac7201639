{#- Where each shared part counts, and why. First a statement of the authority decides, then the
    declaration of the device, then the number of reports of the device; a tie counts nowhere. -#}
with

claims as (

    select * from {{ ref('claims') }}

),

of_facilities as (

    select
        key_hash,
        facility_id,
        bool_or(is_stated) as is_stated,
        bool_or(is_declared) as is_declared,
        max(n_reports_of_device) as n_reports_of_device
    from claims
    group by key_hash, facility_id

),

ranked as (

    select
        *,
        rank() over (
            partition by key_hash
            order by is_stated desc, is_declared desc, n_reports_of_device desc
        ) as place,
        count(*) filter (where is_stated) over keys as n_stated,
        count(*) filter (where is_declared) over keys as n_declared
    from of_facilities
    window keys as (partition by key_hash)

),

decisions as (

    select
        key_hash,
        case when count(*) = 1 then any_value(facility_id) end as counted_at,
        case
            when count(*) > 1 then 'undecided'
            when any_value(n_stated) = 1 then 'stated'
            when any_value(n_stated) = 0 and any_value(n_declared) = 1 then 'declared'
            else 'more_reports'
        end as decided_by
    from ranked
    where place = 1
    group by key_hash

),

others as (

    select
        claims.part_hash,
        string_agg(distinct sent.facility_id, ';' order by sent.facility_id) as other_facilities
    from claims
    inner join of_facilities as sent
        on claims.key_hash = sent.key_hash and claims.facility_id <> sent.facility_id
    group by claims.part_hash

),

-- A part with two shared keys counts only where both decisions give it to its facility.
final as (

    select
        claims.part_hash,
        any_value(claims.facility_id) as facility_id,
        any_value(others.other_facilities) as other_facilities,
        any_value(claims.n_reports_of_device) as n_reports_of_device,
        any_value(claims.is_declared) as is_declared,
        min(decisions.decided_by) as decided_by,
        max(decisions.counted_at) filter (where decisions.counted_at <> claims.facility_id)
            as counted_elsewhere,
        bool_and(decisions.counted_at is not null) as is_decided
    from claims
    inner join decisions on claims.key_hash = decisions.key_hash
    inner join others on claims.part_hash = others.part_hash
    group by claims.part_hash

)

select * from final
