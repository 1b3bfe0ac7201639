select
    shared_device_key,
    coalesce(cast(period as varchar), '') as period,
    facility_id,
    other_facilities,
    trim(concat_ws(' ', manufacturer, model_name)) as device,
    case when is_device_declared then 'yes' else 'no' end as is_device_declared,
    n_reports_of_device,
    n_shared_reports,
    n_counted_reports,
    decided_by,
    counted_at
from marts.shared_devices
order by
    shared_device_key,
    period,
    facility_id
