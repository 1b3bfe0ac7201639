with

reports_compared as (

    select * from {{ ref('int_reports_to_compare') }}

),

ct_events as (

    {{ rows_of_reports(ref('stg_lake__ct_irradiation_events'), 'reports_compared') }}

),

xray_events as (

    {{ rows_of_reports(ref('stg_lake__xray_irradiation_events'), 'reports_compared') }}

),

xray_totals as (

    {{ rows_of_reports(ref('stg_lake__xray_accumulated_doses'), 'reports_compared') }}

),

administrations as (

    {{ rows_of_reports(
        ref('stg_lake__radiopharmaceutical_administrations'), 'reports_compared'
    ) }}

),

-- The measured values as one text, so that equal doses are equal to the last digit.
measured as (

    select
        submission_id,
        object_sha256,
        {{ counted_event_key() }} as value_key,
        'ct' as kind,
        {{ as_text([
            'ct_acquisition_type',
            'ctdiw_phantom',
            'mean_ctdivol_mgy',
            'dlp_mgy_cm',
        ]) }} as measured,
        acquisition_protocol as named,
        coalesce(greatest(mean_ctdivol_mgy, dlp_mgy_cm) > 0, false) as is_with_dose
    from ct_events

    union all

    select
        submission_id,
        object_sha256,
        {{ counted_event_key() }} as value_key,
        'xray' as kind,
        {{ as_text([
            'acquisition_plane',
            'started_at',
            'dose_area_product_gy_m2',
            'dose_rp_gy',
            'average_glandular_dose_mgy',
        ]) }} as measured,
        acquisition_protocol as named,
        coalesce(
            greatest(dose_area_product_gy_m2, dose_rp_gy, average_glandular_dose_mgy) > 0, false
        ) as is_with_dose
    from xray_events

    union all

    select
        submission_id,
        object_sha256,
        report_key || '.' || plane_index as value_key,
        'total' as kind,
        {{ as_text([
            'acquisition_plane',
            'dose_area_product_total_gy_m2',
            'dose_rp_total_gy',
            'total_fluoro_time_s',
        ]) }} as measured,
        cast(null as varchar) as named,
        coalesce(
            greatest(dose_area_product_total_gy_m2, dose_rp_total_gy, total_fluoro_time_s) > 0,
            false
        ) as is_with_dose
    from xray_totals

    union all

    select
        submission_id,
        object_sha256,
        {{ counted_event_key() }} as value_key,
        'administration' as kind,
        {{ as_text(['radionuclide', 'started_at', 'administered_activity_mbq']) }} as measured,
        agent as named,
        coalesce(administered_activity_mbq > 0, false) as is_with_dose
    from administrations

),

-- Rows of one report with the same key are parts of one event.
final as (

    select
        *,
        row_number() over (
            partition by submission_id, object_sha256, kind, value_key, measured
        ) as number_of_equal
    from measured

)

select * from final
