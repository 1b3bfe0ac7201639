with

contributions as (

    select * from {{ ref('int_peer_contributions') }}

),

profile as (

    select * from {{ ref('int_disclosure_profile') }}

),

-- Each number for a type of facility that may be published now or was in an earlier release, with
-- its data.
publications as (

    select
        release_id,
        {{ national_key() }},
        peer_group,
        list(facility_id) as facilities,
        list({{ contribution_text() }}) as contributions
    from contributions
    cross join profile
    group by release_id, {{ national_key() }}, peer_group
    having count(*) > any_value(profile.minimum_facilities)

),

current_publications as (

    select * from publications
    where release_id is null

),

earlier as (

    select * from contributions
    where release_id is not null

),

of_today as (

    select * exclude (release_id) from contributions
    where release_id is null

),

-- Contributors of earlier releases, per cell.
earlier_pairs as (

    select
        earlier.release_id,
        {{ national_key() }},
        peer_group,
        facility_id,
        earlier.typical_values as earlier_values,
        of_today.typical_values as current_values
    from earlier
    left join of_today using ({{ national_key() }}, peer_group, facility_id)

),

kept as (

    select
        earlier_pairs.release_id,
        {{ national_key() }},
        earlier_pairs.peer_group,
        count(*) filter (
            where {{ is_moved('earlier_pairs.earlier_values', 'earlier_pairs.current_values') }}
        ) as n_moved_or_left,
        count(earlier_pairs.current_values) as n_still_there
    from earlier_pairs
    cross join profile
    group by earlier_pairs.release_id, {{ national_key() }}, earlier_pairs.peer_group
    having count(*) > any_value(profile.minimum_facilities)

),

changed_since as (

    select
        {{ national_key() }},
        peer_group
    from current_publications
    inner join kept using ({{ national_key() }}, peer_group)
    cross join profile
    where
        kept.n_moved_or_left + len(current_publications.facilities) - kept.n_still_there
        between 1 and profile.minimum_contributor_change - 1

),

-- Two numbers for the same type and quantity whose data differ at so few facilities would disclose
-- data of these, whichever is published first: both are suppressed.
differing as (

    select
        current_publications.method_id,
        current_publications.method_version,
        current_publications.period,
        current_publications.procedure_id,
        current_publications.patient_group_id,
        current_publications.drl_quantity,
        current_publications.peer_group
    from current_publications
    inner join publications
        on
            current_publications.period = publications.period
            and current_publications.procedure_id = publications.procedure_id
            and current_publications.drl_quantity = publications.drl_quantity
            and current_publications.peer_group = publications.peer_group
            and (
                current_publications.patient_group_id <> publications.patient_group_id
                or current_publications.method_id <> publications.method_id
                or current_publications.method_version <> publications.method_version
            )
    cross join profile
    where
        abs(len(current_publications.facilities) - len(publications.facilities))
        < profile.minimum_contributor_change
        and len(current_publications.facilities) + len(publications.facilities)
        - len(list_intersect(current_publications.contributions, publications.contributions))
        - len(list_intersect(current_publications.facilities, publications.facilities))
        between 1 and profile.minimum_contributor_change - 1

),

final as (

    select * from changed_since
    union
    select * from differing

)

select * from final
