{{ config(schema='marts', contract={'enforced': true}) }}

with

decisions as (

    select * from {{ ref('disclosure_decisions') }}

),

contributions as (

    select * from {{ ref('int_contributions') }}

),

earlier_contributors as (

    select * from {{ ref('stg_releases__contributors') }}

),

-- Contributors of the published numbers; for a repeated publication, its original contributors.
final as (

    select
        contributions.method_id,
        contributions.method_version,
        contributions.period,
        contributions.procedure_id,
        contributions.patient_group_id,
        contributions.drl_quantity,
        contributions.facility_id,
        contributions.n_examinations,
        contributions.typical_values
    from contributions
    inner join decisions
        on
            {{ is_same_cell('contributions', 'decisions') }}
    where decisions.nearest_release is null

    union all

    select
        earlier_contributors.method_id,
        earlier_contributors.method_version,
        earlier_contributors.period,
        earlier_contributors.procedure_id,
        earlier_contributors.patient_group_id,
        earlier_contributors.drl_quantity,
        earlier_contributors.facility_id,
        earlier_contributors.n_examinations,
        earlier_contributors.typical_values
    from earlier_contributors
    inner join decisions
        on
            {{ is_same_cell('earlier_contributors', 'decisions') }}
            and earlier_contributors.release_id = decisions.nearest_release

)

select * from final
