with

accumulated_doses as (

    {{ rows_of_counted_reports(
        ref('stg_lake__xray_accumulated_doses'), ref('int_reports_not_counted')
    ) }}

),

dose_reports as (

    select * from {{ ref('int_counted_reports_dose_reports') }}

),

described_totals as (

    select
        accumulated_doses.*,
        {{ is_plane_unknown('accumulated_doses', 'dose_reports', 'xray_accumulated_dose') }}
            as is_plane_unknown
    from accumulated_doses
    left join dose_reports
        on
            accumulated_doses.submission_id = dose_reports.submission_id
            and accumulated_doses.object_sha256 = dose_reports.object_sha256

),

-- A plane that a report contains twice counts once. Where the two differ, neither is used.
planes as (

    select
        facility_id,
        submission_id,
        object_sha256,
        report_key,
        study_key,
        case
            when is_plane_unknown then 'unknown.' || plane_index
            else coalesce(acquisition_plane, 'single_plane')
        end as plane,
        bool_or(is_plane_unknown) as is_plane_unknown,
        max(dose_area_product_total_gy_m2) as kap_gy_m2,
        max(dose_rp_total_gy) as air_kerma_rp_gy,
        max(total_fluoro_time_s) as fluoro_time_s,
        {{ only_reference_point() }} as reference_point_definition,
        (
            {{ doses_differ('dose_area_product_total_gy_m2') }}
            or {{ doses_differ('dose_rp_total_gy') }}
            or {{ doses_differ('total_fluoro_time_s') }}
        ) as is_contradicted
    from described_totals
    group by facility_id, submission_id, object_sha256, report_key, study_key, plane

),

described_planes as (

    select
        *,
        plane = 'all_planes' as is_all_planes,
        coalesce(
            kap_gy_m2 = 0
            and coalesce(air_kerma_rp_gy, 0) = 0
            and coalesce(fluoro_time_s, 0) = 0,
            false
        ) as is_unused
    from planes

),

-- A missing total is not zero: the sum over planes is given only where each plane has a value. A
-- total of an unknown plane may be that of all planes, so it is used only where it is the only one.
summed as (

    select
        facility_id,
        submission_id,
        object_sha256,
        report_key,
        study_key,
        bool_or(is_contradicted) as is_contradicted,
        count(*) filter (where not is_all_planes) as n_single,
        count(*) filter (where not is_all_planes and not is_unused) as n_used,
        bool_or(is_plane_unknown) and count(*) > 1 as is_plane_unclear,
        max(kap_gy_m2) filter (where is_all_planes) as kap_of_all_gy_m2,
        count(kap_gy_m2) filter (where not is_all_planes) as n_with_kap,
        sum(kap_gy_m2 order by plane) filter (where not is_all_planes) as kap_of_planes_gy_m2,
        max(air_kerma_rp_gy) as largest_air_kerma_gy,
        max(fluoro_time_s) as largest_fluoro_time_s,
        {{ only_reference_point() }} as reference_point_definition
    from described_planes
    group by facility_id, submission_id, object_sha256, report_key, study_key

),

-- KAP may be added over planes. Air kerma may not, because it refers to two reference points, and
-- fluoroscopy times of two planes are not comparable with those of one.
final as (

    select
        summed.facility_id,
        summed.submission_id,
        summed.object_sha256,
        summed.report_key,
        summed.study_key,
        dose_reports.modality,
        dose_reports.scope_of_accumulation,
        case when summed.n_single = 0 then 2 else summed.n_used end as n_planes,
        summed.is_contradicted,
        summed.reference_point_definition,
        coalesce(
            summed.kap_of_all_gy_m2,
            case
                when summed.n_with_kap = summed.n_single and not summed.is_plane_unclear
                    then summed.kap_of_planes_gy_m2
            end
        ) as kap_gy_m2,
        case
            when n_planes <= 1 and not summed.is_plane_unclear then summed.largest_air_kerma_gy
        end as air_kerma_rp_gy,
        case
            when n_planes <= 1 and not summed.is_plane_unclear then summed.largest_fluoro_time_s
        end as fluoro_time_s
    from summed
    left join dose_reports
        on
            summed.submission_id = dose_reports.submission_id
            and summed.object_sha256 = dose_reports.object_sha256

)

select * from final
