with

contributions as (

    select * from {{ ref('int_contributions') }}

),

earlier_contributors as (

    select * from {{ ref('stg_releases__contributors') }}

),

facilities as (

    select * from {{ ref('stg_lake__facilities') }}

),

methods as (

    select * from {{ ref('methods') }}

),

-- Contributors of earlier releases and of this build, by today's type of facility.
contributed as (

    select
        release_id,
        {{ national_key() }},
        facility_id,
        n_examinations,
        typical_values
    from earlier_contributors

    union all

    select
        null as release_id,
        {{ national_key() }},
        facility_id,
        n_examinations,
        typical_values
    from contributions

),

-- Pooled examinations have no facilities, and weighted quantiles are not suitable for comparison
-- with peers.
final as (

    select
        contributed.release_id,
        contributed.method_id,
        contributed.method_version,
        contributed.period,
        contributed.procedure_id,
        contributed.patient_group_id,
        contributed.drl_quantity,
        coalesce(facilities.facility_type, 'unknown') as peer_group,
        contributed.facility_id,
        contributed.n_examinations,
        contributed.typical_values
    from contributed
    inner join methods
        on
            contributed.method_id = methods.method_id
            and contributed.method_version = methods.method_version
            and methods.weighting = 'equal'
            and methods.unit_of_analysis <> 'examination'
    left join facilities on contributed.facility_id = facilities.facility_id

)

select * from final
