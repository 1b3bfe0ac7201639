-- The used examinations of breasts are those of which a view is used.
with

examinations as (

    select * from {{ ref('int_examinations_classified') }}
    where modality = 'MG'

),

used_views as (

    select distinct
        facility_id,
        study_key
    from {{ ref('fct_view_doses') }}
    where exclusion_reason is null

),

final as (

    select
        examinations.facility_id,
        examinations.study_key,
        examinations.exclusion_reason
    from examinations
    left join used_views
        on
            examinations.facility_id = used_views.facility_id
            and examinations.study_key = used_views.study_key
    where (examinations.exclusion_reason is null) <> (used_views.study_key is not null)

)

select * from final
