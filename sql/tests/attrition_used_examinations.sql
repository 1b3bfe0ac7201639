-- The used examinations of attrition are those behind the facilities' statistics. Those of breasts
-- have doses of views (test examinations_used_by_views).
with

attrition as (

    select * from {{ ref('attrition') }}

),

examination_doses as (

    select
        facility_id,
        study_key,
        modality
    from {{ ref('fct_examination_doses') }}
    where exclusion_reason is null

    union all

    select
        facility_id,
        study_key,
        modality
    from {{ ref('int_examinations_classified') }}
    where exclusion_reason is null and modality = 'MG'

),

stated as (

    select
        facility_id,
        n
    from attrition
    where counted = 'examination' and step = 'used'

),

found as (

    select
        facility_id,
        count(distinct study_key || ' ' || modality) as n
    from examination_doses
    group by facility_id

),

final as (

    select
        stated.facility_id,
        stated.n as n_stated,
        coalesce(found.n, 0) as n_found
    from stated
    left join found on stated.facility_id = found.facility_id
    where stated.n <> coalesce(found.n, 0)

)

select * from final
