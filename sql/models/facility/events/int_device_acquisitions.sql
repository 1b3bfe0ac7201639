with

events as (

    select *
    from {{ ref('int_events_classified') }}
    where event_kind = 'diagnostic' and modality = 'CT'

),

dose_reports as (

    select
        {{ report_hash() }} as report_hash,
        cast(year(study_date) as integer) as period,
        device_key,
        software_versions
    from {{ ref('int_counted_reports_dose_reports') }}
    where study_date is not null

),

-- Aggregates millions of scans to a few rows per device, from which all indicators are computed.
final as (

    select
        dose_reports.period,
        events.facility_id,
        dose_reports.device_key,
        dose_reports.software_versions,
        {{ size_class('events.water_equivalent_diameter_mm') }} as size_class,
        cast(round(events.kvp_kv) as integer) as kvp_kv,
        coalesce(events.ctdiw_phantom = 'body_32cm', false) as is_body,
        count(*) as n_acquisitions,
        count(*) filter (where events.ct_acquisition_type = 'spiral') as n_spiral,
        count(*) filter (where events.ct_acquisition_type = 'spiral' and events.is_modulated)
            as n_spiral_modulated,
        count(*) filter (
            where events.ct_acquisition_type = 'spiral' and events.is_modulated is null
        ) as n_spiral_modulation_unknown,
        count(*) filter (where events.is_modulated) as n_modulated,
        count(*) filter (where events.is_modulated is null) as n_modulation_unknown,
        count(*) filter (where round(events.kvp_kv) < 120) as n_below_120,
        count(*) filter (where events.is_iterative) as n_iterative,
        count(*) filter (where events.is_iterative is null) as n_iterative_unknown,
        count(*) filter (where events.is_notification_configured) as n_notification,
        count(*) filter (where events.is_notification_configured is null)
            as n_notification_unknown,
        count(*) filter (where events.is_alert_configured) as n_alert,
        count(*) filter (where events.is_alert_configured is null) as n_alert_unknown,
        count(*) filter (where events.is_above_notification) as n_above_notification,
        count(*) filter (
            where events.is_notification_configured and events.is_above_notification is null
        ) as n_above_notification_unknown,
        count(*) filter (
            where events.ssde_mgy is not null or events.water_equivalent_diameter_mm is not null
        ) as n_with_size
    from events
    inner join dose_reports on events.report_hash = dose_reports.report_hash
    group by all

)

select * from final
