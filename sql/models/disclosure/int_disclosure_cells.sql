with

possible_cells as (

    select * from {{ ref('int_possible_cells') }}

),

national_drls as (

    select * from {{ ref('national_drls') }}

),

measures as (

    select * from {{ ref('int_disclosure_measures') }}

),

changes as (

    select * from {{ ref('int_publication_changes') }}

),

conflicts as (

    select * from {{ ref('int_publication_conflicts') }}

),

published_before as (

    select * from {{ ref('stg_releases__national_drls') }}

),

judged as (

    select
        possible_cells.*,
        measures.n_facilities,
        measures.n_examinations,
        measures.largest_share,
        measures.two_largest_share,
        measures.minimum,
        measures.maximum,
        coalesce(measures.has_dominated_count, false) as has_dominated_count,
        changes.nearest_release,
        changes.n_changed,
        published_before.disclosure = 'shown' as was_shown,
        published_before.n_examinations is not null as had_examinations,
        case when national_drls.period is null then 'no_contributor' else measures.primary_rule end
            as primary_rule,
        conflicts.period is not null as is_in_conflict
    from possible_cells
    left join national_drls
        on
            {{ is_same_cell('possible_cells', 'national_drls') }}
    left join measures
        on
            {{ is_same_cell('possible_cells', 'measures') }}
    left join changes
        on
            {{ is_same_cell('possible_cells', 'changes') }}
    left join conflicts
        on
            {{ is_same_cell('possible_cells', 'conflicts') }}
    left join published_before
        on
            {{ is_same_cell('possible_cells', 'published_before') }}
            and changes.nearest_release = published_before.release_id

),

-- A published cell stays published, also where it would be suppressed today: suppressing it because
-- one facility left would disclose data of that facility.
final as (

    select
        * exclude (was_shown, had_examinations, is_in_conflict, primary_rule),
        case
            when was_shown then 'repeated'
            when primary_rule is not null then 'suppressed_primary'
            when nearest_release is not null or is_in_conflict then 'suppressed_differencing'
            else 'anew'
        end as decision,
        case
            when was_shown then 'minimum_contributor_change'
            when primary_rule is not null then primary_rule
            when nearest_release is not null or is_in_conflict then 'minimum_contributor_change'
        end as disclosure_rule,
        case
            when nearest_release is not null then coalesce(was_shown and had_examinations, false)
            else primary_rule is null and not is_in_conflict and not has_dominated_count
        end as has_showable_examinations
    from judged

)

select * from final
