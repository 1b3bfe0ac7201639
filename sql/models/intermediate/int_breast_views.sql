with

views as (

    select * from {{ ref('int_xray_events_counted_once') }}
    where modality = 'MG'

),

events as (

    select * from {{ ref('int_standing_xray_irradiation_events') }}

),

dose_reports as (

    select * from {{ ref('int_standing_dose_reports') }}

),

examinations as (

    select * from {{ ref('int_examinations_classified') }}

),

thickness_bands as (

    select * from {{ ref('thickness_bands') }}

),

breast_devices as (

    select * from {{ ref('breast_devices') }}

),

manufacturers as (

    select * from {{ ref('manufacturers') }}

),

-- What is known of a model stands for all devices of it, whatever their reports say.
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
        examinations.period,
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
        views.compression_thickness_mm,
        thickness_bands.thickness_band_id,
        views.average_glandular_dose_mgy,
        views.is_without_dose,
        coalesce(
            examinations.procedure_id = 'mg_mammography'
            and coalesce(examinations.exclusion_reason, 'no_patient_group') = 'no_patient_group',
            false
        ) as is_of_mammography
    from views
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
    left join examinations
        on
            views.facility_id = examinations.facility_id
            and views.study_key = examinations.study_key
            and examinations.modality = 'MG'
    left join thickness_bands
        on
            views.compression_thickness_mm >= thickness_bands.lower_mm
            and views.compression_thickness_mm < thickness_bands.upper_mm

),

final as (

    select
        * exclude (is_without_dose, is_of_mammography, tomosynthesis_dose),
        case
            when not is_of_mammography then 'examination_excluded'
            when is_without_dose then 'no_dose'
            when technique = 'tomosynthesis' and tomosynthesis_dose = 'one_projection'
                then 'dose_of_one_projection'
            when compression_thickness_mm is null then 'no_thickness'
            when thickness_band_id is null then 'thickness_outside'
        end as exclusion_reason
    from joined

)

select * from final
