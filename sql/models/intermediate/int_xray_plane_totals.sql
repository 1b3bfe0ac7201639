with

accumulated_doses as (

    select * from {{ ref('int_standing_xray_accumulated_doses') }}

),

-- A plane that a report states twice counts once. Where the two differ, neither can be believed.
final as (

    select
        facility_id,
        submission_id,
        object_sha256,
        report_key,
        study_key,
        coalesce(acquisition_plane, 'single_plane') as plane,
        max(dose_area_product_total_gy_m2) as kap_gy_m2,
        max(dose_rp_total_gy) as air_kerma_rp_gy,
        max(total_fluoro_time_s) as fluoro_time_s,
        (
            {{ doses_differ('dose_area_product_total_gy_m2') }}
            or {{ doses_differ('dose_rp_total_gy') }}
            or {{ doses_differ('total_fluoro_time_s') }}
        ) as is_contradicted
    from accumulated_doses
    group by facility_id, submission_id, object_sha256, report_key, study_key, plane

)

select * from final
