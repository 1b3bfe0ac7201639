with

mammography_events as (

    select * from {{ ref('int_mammography_events') }}

),

examinations as (

    select * from {{ ref('int_examinations_classified') }}

),

thickness_bands as (

    select * from {{ ref('thickness_bands') }}

),

-- What an examination has from its views (its reason where none is in a level) decides nothing
-- about another view.
joined as (

    select
        mammography_events.*,
        examinations.period,
        thickness_bands.thickness_band_id,
        coalesce(
            examinations.procedure_id = 'mg_mammography'
            and examinations.period is not null
            and coalesce(
                examinations.exclusion_reason in {{ without_group_reasons() }}
                or examinations.exclusion_reason = examinations.reason_of_views,
                true
            ),
            false
        ) as is_of_mammography
    from mammography_events
    left join examinations
        on
            mammography_events.facility_id = examinations.facility_id
            and mammography_events.study_key = examinations.study_key
            and examinations.modality = 'MG'
    left join thickness_bands
        on
            mammography_events.compression_thickness_mm >= thickness_bands.lower_mm
            and mammography_events.compression_thickness_mm < thickness_bands.upper_mm

),

final as (

    select
        * exclude (
            is_without_dose,
            is_of_mammography,
            is_of_one_projection,
            event_index,
            image_view,
            laterality,
            thickness_reached_mm,
            view_exclusion_reason
        ),
        case
            when not is_of_mammography then 'examination_excluded'
            when is_without_dose then 'no_dose'
            when is_of_one_projection then 'dose_of_one_projection'
            when compression_thickness_mm is null then 'no_thickness'
            when thickness_band_id is null then 'thickness_outside'
        end as exclusion_reason
    from joined

)

select * from final
