with

contributions as (

    select * from {{ ref('int_contributions') }}

),

earlier_contributors as (

    select * from {{ ref('stg_releases__contributors') }}

),

measures as (

    select * from {{ ref('int_disclosure_measures') }}

),

changes as (

    select * from {{ ref('int_publication_changes') }}

),

profile as (

    select * from {{ ref('int_disclosure_profile') }}

),

current_cells as (

    select
        {{ national_key() }},
        list(facility_id) as facilities,
        list({{ contribution_text() }}) as contributions
    from contributions
    group by {{ national_key() }}

),

-- Candidates for new publication, in order of precedence: the first-line method, then the most
-- facilities.
candidates as (

    select
        current_cells.*,
        row_number() over (
            order by
                current_cells.method_id = '{{ first_line() }}' desc,
                measures.n_facilities desc,
                current_cells.method_id asc,
                current_cells.method_version asc,
                current_cells.patient_group_id asc
        ) as place
    from current_cells
    inner join measures
        on
            {{ is_same_cell('current_cells', 'measures') }}
            and measures.primary_rule is null
    anti join changes
        on
            {{ is_same_cell('current_cells', 'changes') }}

),

publications as (

    select
        {{ national_key() }},
        list(facility_id) as facilities,
        list({{ contribution_text() }}) as contributions,
        0 as place
    from earlier_contributors
    group by release_id, {{ national_key() }}

    union all by name

    select * from candidates

),

-- Two numbers of the same quantity whose data differ at so few facilities would disclose data of
-- these.
final as (

    select distinct
        candidates.method_id,
        candidates.method_version,
        candidates.period,
        candidates.procedure_id,
        candidates.patient_group_id,
        candidates.drl_quantity
    from candidates
    inner join publications
        on
            candidates.period = publications.period
            and candidates.procedure_id = publications.procedure_id
            and candidates.drl_quantity = publications.drl_quantity
            and candidates.place > publications.place
    cross join profile
    where
        abs(len(candidates.facilities) - len(publications.facilities))
        < profile.minimum_contributor_change
        and len(candidates.facilities) + len(publications.facilities)
        - len(list_intersect(candidates.contributions, publications.contributions))
        - len(list_intersect(candidates.facilities, publications.facilities))
        between 1 and profile.minimum_contributor_change - 1

)

select * from final
