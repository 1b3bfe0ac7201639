with

devices as (

    select * from {{ ref('int_installed_base') }}
    where modality = 'CT' and is_in_base

),

acquisitions as (

    select * from {{ ref('int_device_acquisitions') }}

),

features as (

    select * from {{ ref('features') }}

),

declared_features as (

    select * from {{ ref('int_declared_features') }}

),

scanned as (

    select
        period,
        facility_id,
        device_key,
        sum(n_acquisitions) as n_acquisitions,
        sum(n_modulated) as n_modulated,
        sum(n_modulation_unknown) as n_modulation_unknown,
        count(distinct kvp_kv) filter (where is_body) as n_voltages,
        sum(n_iterative) as n_iterative,
        sum(n_iterative_unknown) as n_iterative_unknown,
        sum(n_notification + n_alert) as n_dose_check,
        sum(n_notification_unknown) as n_notification_unknown,
        sum(n_alert_unknown) as n_alert_unknown,
        sum(n_with_size) as n_with_size
    from acquisitions
    group by period, facility_id, device_key

),

-- A device is known where one of its scans shows it; what no scan shows stays unknown.
used as (

    select
        devices.period,
        devices.facility_id,
        devices.device_key,
        devices.manufacturer_id,
        devices.model_text,
        devices.age_band_id,
        features.feature_id,
        case features.feature_id
            when 'rdsr' then if(devices.is_declared, devices.has_rdsr, null)
            when 'tube_current_modulation'
                then if(
                    scanned.n_acquisitions > scanned.n_modulation_unknown,
                    scanned.n_modulated > 0, null
                )
            when 'tube_voltage_selection'
                then if(scanned.n_voltages > 0, scanned.n_voltages > 1, null)
            when 'iterative_reconstruction'
                then if(
                    scanned.n_acquisitions > scanned.n_iterative_unknown,
                    scanned.n_iterative > 0, null
                )
            when 'dose_check'
                then if(
                    scanned.n_acquisitions > scanned.n_notification_unknown
                    or scanned.n_acquisitions > scanned.n_alert_unknown,
                    scanned.n_dose_check > 0, null
                )
            when 'ssde' then scanned.n_with_size > 0
        end as is_used
    from devices
    cross join features
    left join scanned
        on
            devices.period = scanned.period
            and devices.facility_id = scanned.facility_id
            and devices.device_key = scanned.device_key

),

-- Any software version: reports name versions as text that has no order.
available as (

    select
        manufacturer_id,
        model_text,
        feature_id,
        bool_or(status in ('standard', 'option', 'upgrade')) as is_available,
        bool_or(status <> 'unknown') as is_stated
    from declared_features
    group by all

),

final as (

    select
        used.*,
        case when available.is_stated then available.is_available end as is_available
    from used
    left join available
        on
            used.manufacturer_id = available.manufacturer_id
            and used.model_text = available.model_text
            and used.feature_id = available.feature_id

)

select * from final
