{{ config(schema='marts', contract={'enforced': true}) }}

with

declared_trainings as (

    select * from {{ ref('stg_lake__declared_trainings') }}

),

spellings as (

    select * from {{ ref('int_manufacturer_spellings') }}

),

curricula as (

    select * from {{ ref('curricula') }}

),

-- A course that is not about one manufacturer's devices has no manufacturer. One course may be
-- declared twice, under two names of its manufacturer.
final as (

    select
        declared_trainings.year,
        declared_trainings.provider,
        case
            when declared_trainings.manufacturer is not null then spellings.manufacturer_id
        end as manufacturer_id,
        declared_trainings.curriculum_id,
        curricula.programme,
        curricula.title as curriculum_title,
        declared_trainings.course,
        declared_trainings.audience,
        declared_trainings.country,
        declared_trainings.n_sessions,
        declared_trainings.n_participants,
        declared_trainings.evidence_uri
    from declared_trainings
    left join spellings on declared_trainings.manufacturer is not distinct from spellings.spelling
    left join curricula on declared_trainings.curriculum_id = curricula.curriculum_id
    qualify row_number() over (
        partition by
            declared_trainings.year,
            declared_trainings.provider,
            spellings.manufacturer_id,
            declared_trainings.curriculum_id,
            declared_trainings.course,
            declared_trainings.audience,
            declared_trainings.country
        order by
            declared_trainings.n_sessions desc nulls last,
            declared_trainings.n_participants desc nulls last,
            declared_trainings.evidence_uri asc
    ) = 1

)

select * from final
