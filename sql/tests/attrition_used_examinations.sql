-- The used examinations of attrition are those behind the facilities' statistics.
with

attrition as (

    select * from {{ ref('attrition') }}

),

examination_doses as (

    select * from {{ ref('fct_examination_doses') }}

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
        count(distinct study_key || ' ' || modality) filter (where exclusion_reason is null)
            as n
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
