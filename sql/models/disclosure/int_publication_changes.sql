with

contributions as (

    select * from {{ ref('int_contributions') }}

),

earlier_contributors as (

    select * from {{ ref('stg_releases__contributors') }}

),

profile as (

    select * from {{ ref('int_disclosure_profile') }}

),

earlier_publications as (

    select distinct
        release_id,
        {{ national_key() }}
    from earlier_contributors

),

-- Each facility of a cell, with its contribution in this build and in one earlier release.
contributed as (

    select
        release_id,
        {{ national_key() }},
        facility_id,
        typical_values as earlier_values,
        cast(null as double[]) as current_values
    from earlier_contributors

    union all

    select
        earlier_publications.release_id,
        contributions.method_id,
        contributions.method_version,
        contributions.period,
        contributions.procedure_id,
        contributions.patient_group_id,
        contributions.drl_quantity,
        contributions.facility_id,
        cast(null as double[]) as earlier_values,
        contributions.typical_values as current_values
    from contributions
    inner join earlier_publications
        on
            {{ is_same_cell('contributions', 'earlier_publications') }}

),

side_by_side as (

    select
        release_id,
        {{ national_key() }},
        facility_id,
        any_value(earlier_values) as earlier_values,
        any_value(current_values) as current_values
    from contributed
    group by release_id, {{ national_key() }}, facility_id

),

-- A facility has changed where its value moved by more than one rounding step, or where it joined
-- or left. Late reports that move no value do not count, because they would hide the one facility
-- that did change.
changes as (

    select
        side_by_side.release_id,
        {{ national_key() }},
        count(*) filter (
            where {{ is_moved('side_by_side.earlier_values', 'side_by_side.current_values') }}
        ) as n_changed
    from side_by_side
    cross join profile
    group by side_by_side.release_id, {{ national_key() }}

),

final as (

    select
        {{ national_key() }},
        arg_min(changes.release_id, (changes.n_changed, {{ release_age('changes.release_id') }}))
            as nearest_release,
        min(changes.n_changed) as n_changed
    from changes
    cross join profile
    where changes.n_changed < profile.minimum_contributor_change
    group by {{ national_key() }}

)

select * from final
