with

dose_reports as (

    select * from {{ ref('int_counted_reports_dose_reports') }}

),

devices as (

    select * from {{ ref('dim_devices') }}

),

sent as (

    select
        cast(year(study_date) as integer) as period,
        facility_id,
        device_key,
        count(*) as n_reports,
        string_agg(distinct software_versions, '; ' order by software_versions)
            as software_versions
    from dose_reports
    where study_date is not null
    group by all

),

final as (

    select
        sent.period,
        sent.facility_id,
        sent.device_key,
        devices.manufacturer,
        devices.model_name,
        devices.modality,
        sent.software_versions,
        sent.n_reports
    from sent
    inner join devices
        on sent.facility_id = devices.facility_id and sent.device_key = devices.device_key

)

select * from final
