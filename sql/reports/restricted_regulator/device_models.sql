select
    manufacturer,
    model_name,
    software_versions,
    modality,
    n_facilities,
    n_devices,
    n_reports,
    n_findings,
    age_share,
    weight_share,
    examination_name_share,
    dose_share,
    protocol_share
from marts.data_quality_by_device_model
order by
    manufacturer,
    model_name,
    software_versions,
    modality
