{% set items = [
    'acquisition_protocol', 'target_region', 'exposure_time_s', 'scanning_length_mm',
    'nominal_single_collimation_width_mm', 'nominal_total_collimation_width_mm',
    'number_of_xray_sources', 'kvp_kv', 'tube_current_ma', 'maximum_tube_current_ma',
    'exposure_time_per_rotation_s', 'mean_ctdivol_mgy', 'ctdiw_phantom', 'dlp_mgy_cm', 'ssde_mgy',
    'water_equivalent_diameter_mm', 'xray_modulation_type', 'reconstruction_algorithm',
    'ctdivol_notification_configured', 'ctdivol_alert_configured',
] %}
with

events as (

    select * from {{ ref('int_counted_reports_ct_irradiation_events') }}
    where ct_acquisition_type is distinct from 'constant_angle'

),

dose_reports as (

    select * from {{ ref('int_counted_reports_dose_reports') }}
    where study_date is not null

),

counted as (

    select
        cast(year(dose_reports.study_date) as integer) as period,
        events.facility_id,
        dose_reports.device_key,
        dose_reports.software_versions,
        {% for item in items %}
            count(events.{{ item }}) as {{ item }},
        {% endfor %}
        count(*) as n_events
    from events
    inner join dose_reports
        on
            events.submission_id = dose_reports.submission_id
            and events.object_sha256 = dose_reports.object_sha256
    group by all

),

final as (

    unpivot counted
    on {{ items | join(', ') }}
    into name item value n_stated

)

select * from final
