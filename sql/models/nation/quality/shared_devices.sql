{{ config(schema='marts', contract={'enforced': true}) }}

with

shared_reports as (

    select * from {{ ref('int_shared_reports') }}

),

final as (

    select
        coalesce(national_device_key, device_key) as shared_device_key,
        cast(year(study_date) as integer) as period,
        facility_id,
        string_agg(distinct other_facilities, ';' order by other_facilities) as other_facilities,
        max(manufacturer) as manufacturer,
        max(model_name) as model_name,
        bool_or(is_device_declared) as is_device_declared,
        max(n_reports_of_device) as n_reports_of_device,
        count(*) as n_shared_reports,
        count(*) filter (where shared_exclusion is null) as n_counted_reports,
        string_agg(distinct decided_by, ';' order by decided_by) as decided_by,
        string_agg(distinct counted_at, ';' order by counted_at) as counted_at
    from shared_reports
    group by shared_device_key, period, facility_id

)

select * from final
