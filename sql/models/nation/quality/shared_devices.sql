{{ config(schema='marts', contract={'enforced': true}) }}

with

shared_reports as (

    select * from {{ ref('stg_lake__shared_reports') }}

),

devices as (

    select * from {{ ref('dim_devices') }}

),

summed as (

    select
        coalesce(national_device_key, device_key) as shared_device_key,
        cast(year(study_date) as integer) as period,
        facility_id,
        any_value(device_key order by device_key) as device_key,
        string_agg(distinct other_facilities, ';' order by other_facilities) as other_facilities,
        max(n_reports_of_device) as n_reports_of_device,
        bool_or(is_device_declared) as is_device_declared,
        string_agg(distinct decided_by, ';' order by decided_by) as decided_by,
        string_agg(distinct counted_at, ';' order by counted_at) as counted_at,
        count(*) as n_shared_reports,
        count(*) filter (where shared_exclusion is null) as n_counted_reports
    from shared_reports
    group by shared_device_key, period, facility_id

),

final as (

    select
        summed.shared_device_key,
        summed.period,
        summed.facility_id,
        summed.other_facilities,
        devices.manufacturer,
        devices.model_name,
        summed.is_device_declared,
        summed.n_reports_of_device,
        summed.n_shared_reports,
        summed.n_counted_reports,
        summed.decided_by,
        summed.counted_at
    from summed
    left join devices
        on
            summed.facility_id = devices.facility_id
            and summed.device_key = devices.device_key

)

select * from final
