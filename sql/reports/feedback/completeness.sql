select
    concat_ws(' ', manufacturer, model_name) as device_model,
    left(device_key, 8) as device,
    modality,
    n_reports,
    n_events,
    study_date_share,
    age_share,
    weight_share,
    examination_name_share,
    dose_share,
    protocol_share,
    kvp_share
from marts.device_completeness
where facility_id = $facility_id
order by
    modality,
    manufacturer,
    model_name,
    device_key
