with

views as (

    select * from {{ ref('int_xray_event_copies') }}
    where copy_number = 1 and modality = 'MG'

),

events as (

    select * from {{ ref('int_counted_reports_xray_irradiation_events') }}

),

dose_reports as (

    select * from {{ ref('int_counted_reports_dose_reports') }}

),

breast_devices as (

    select * from {{ ref('breast_devices') }}

),

manufacturers as (

    select * from {{ ref('manufacturers') }}

),

limits as (

    {{ group_limits(ref('patient_groups')) }}

),

-- Known properties of a model apply to all its devices, whatever their reports contain.
models as (

    select distinct
        manufacturer,
        model_name,
        coalesce({{ normalised_text('manufacturer') }}, '') as compared_maker,
        coalesce({{ normalised_text('model_name') }}, '') as compared_model
    from dose_reports
    where modality = 'MG'

),

known_models as (

    select
        models.manufacturer,
        models.model_name,
        coalesce(
            min(manufacturers.manufacturer_id), if(models.compared_maker = '', 'unknown', 'other')
        ) as manufacturer_id,
        max(breast_devices.detector_technology) as detector_technology,
        max(breast_devices.tomosynthesis_dose) as tomosynthesis_dose
    from models
    left join manufacturers
        on regexp_matches(models.compared_maker, manufacturers.pattern)
    left join breast_devices
        on
            regexp_matches(models.compared_maker, breast_devices.maker_pattern)
            and regexp_matches(models.compared_model, breast_devices.model_pattern)
    group by models.manufacturer, models.model_name, models.compared_maker

),

joined as (

    select
        views.facility_id,
        views.study_key,
        views.counted_event_key,
        views.event_index,
        dose_reports.device_key,
        known_models.manufacturer_id,
        coalesce(known_models.detector_technology, 'unknown') as detector_technology,
        known_models.tomosynthesis_dose,
        case
            when events.irradiation_event_type in ('rotational', 'stepping') then 'tomosynthesis'
            when events.irradiation_event_type = 'stationary' then '2d'
            when
                regexp_matches(
                    {{ normalised_text('views.acquisition_protocol') }},
                    'tomos[yi]nt|\bdbt\b|\b3 ?d\b'
                )
                then 'tomosynthesis'
            else 'unknown'
        end as technique,
        case
            when events.image_view is null then 'unknown'
            when events.image_view = 'cranio_caudal' then 'cc'
            when events.image_view = 'medio_lateral_oblique' then 'mlo'
            else 'other'
        end as view,
        events.image_view,
        events.laterality,
        views.compression_thickness_mm,
        {{ limit_reached('views.compression_thickness_mm', 'limits.thicknesses_mm') }}
            as thickness_reached_mm,
        views.average_glandular_dose_mgy,
        views.is_without_dose
    from views
    cross join limits
    inner join events
        on
            views.submission_id = events.submission_id
            and views.object_sha256 = events.object_sha256
            and views.event_index = events.event_index
    inner join dose_reports
        on
            views.submission_id = dose_reports.submission_id
            and views.object_sha256 = dose_reports.object_sha256
    left join known_models
        on
            dose_reports.manufacturer is not distinct from known_models.manufacturer
            and dose_reports.model_name is not distinct from known_models.model_name

),

-- The dose of a whole tomosynthesis cannot be derived from that of one projection.
final as (

    select
        * exclude (tomosynthesis_dose),
        coalesce(technique = 'tomosynthesis' and tomosynthesis_dose = 'one_projection', false)
            as is_of_one_projection,
        case
            when is_without_dose then 'no_dose'
            when is_of_one_projection then 'dose_of_one_projection'
            when technique = 'unknown' then 'technique_unknown'
        end as view_exclusion_reason
    from joined

)

select * from final
