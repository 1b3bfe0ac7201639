with

contributions as (

    select * from {{ ref('int_peer_contributions') }}
    where release_id is null

),

conflicts as (

    select * from {{ ref('int_peer_conflicts') }}

),

profile as (

    select * from {{ ref('int_disclosure_profile') }}

),

counted as (

    select
        {{ national_key() }},
        contributions.peer_group,
        count(*) as n_facilities,
        count(*) filter (where contributions.n_examinations >= profile.minimum_examinations)
            as n_large_facilities,
        cast(sum(contributions.n_examinations) as bigint) as n_examinations,
        1 / count(*) as largest_share,
        2 / count(*) as two_largest_share
    from contributions
    cross join profile
    group by {{ national_key() }}, contributions.peer_group

),

unit_values as (

    select
        {{ national_key() }},
        peer_group,
        unnest(typical_values) as typical_value
    from contributions

),

quantiles as (

    select
        {{ national_key() }},
        peer_group,
        quantile_cont(typical_value, 0.25) as p25,
        quantile_cont(typical_value, 0.5) as p50,
        quantile_cont(typical_value, 0.75) as p75
    from unit_values
    group by {{ national_key() }}, peer_group

),

-- One facility more than the profile requires: the reader may be one of them, and the others must
-- be enough without it.
judged as (

    select
        counted.*,
        quantiles.p25,
        quantiles.p50,
        quantiles.p75,
        coalesce(
            counted.n_large_facilities > profile.minimum_facilities
            and counted.n_examinations >= profile.minimum_examinations
            and coalesce(counted.largest_share <= profile.largest_share, true)
            and coalesce(counted.two_largest_share <= profile.two_largest_share, true)
            and conflicts.period is null,
            false
        ) as is_large_enough
    from counted
    inner join quantiles using ({{ national_key() }}, peer_group)
    left join conflicts using ({{ national_key() }}, peer_group)
    cross join profile

),

-- The types add up to the nation: where one is suppressed, all are.
final as (

    select
        * exclude (is_large_enough, n_large_facilities, largest_share, two_largest_share),
        bool_and(is_large_enough) over (partition by {{ national_key() }}) as is_shown
    from judged

)

select * from final
