with

events as (

    select * from {{ ref('int_xray_event_copies') }}
    where copy_number = 1

),

reports as (

    select * from {{ ref('int_xray_reports_counted') }}

),

-- The largest dose says only that there is one: levels are of views (fct_view_doses).
views as (

    select
        facility_id,
        study_key,
        'MG' as modality,
        max(average_glandular_dose_mgy) filter (where view_exclusion_reason is null)
            as largest_agd_mgy,
        coalesce(
            max(view_exclusion_reason) filter (where view_exclusion_reason <> 'no_dose'),
            'no_dose'
        ) as reason_of_views
    from {{ ref('int_mammography_events') }}
    group by facility_id, study_key

),

from_events as (

    select
        facility_id,
        study_key,
        modality,
        count(*) as n_events,
        count(distinct acquisition_plane) filter (where dose_area_product_gy_m2 > 0)
            as n_event_planes,
        count(*) filter (where is_plane_unknown and coalesce(dose_rp_gy > 0, true))
            as n_unknown_planes,
        case
            when count(dose_area_product_gy_m2) = n_events
                then
                    sum(
                        dose_area_product_gy_m2 order by dose_area_product_gy_m2, counted_event_key
                    )
        end as kap_of_events_gy_m2,
        case
            when count(dose_rp_gy) = n_events and n_event_planes + n_unknown_planes <= 1
                then sum(dose_rp_gy order by dose_rp_gy, counted_event_key)
        end as air_kerma_rp_of_events_gy,
        {{ only_reference_point() }} as reference_point_definition,
        bool_or(is_without_uid) as is_without_uid,
        bool_or(is_contradicted) as is_contradicted,
        bool_or(is_outside_hard_limits) as is_outside_hard_limits
    from events
    group by facility_id, study_key, modality

),

-- A continued study has several reports. Totals of their own events are added where every report
-- has one; of totals that include each other, only the largest is listed.
from_totals as (

    select
        facility_id,
        study_key,
        modality,
        count(*) as n_reports,
        max(n_planes) as n_total_planes,
        count(*) filter (where has_totals) as n_reports_with_totals,
        bool_or(is_overlapping) as is_overlapping,
        bool_or(is_mixed) as is_mixed,
        bool_or(is_total_of_unknown_scope) as is_total_of_unknown_scope,
        {{ only_reference_point() }} as reference_point_definition,
        bool_or(is_contradicted) as is_contradicted,
        case when count(kap_gy_m2) = n_reports then sum(kap_gy_m2 order by kap_gy_m2) end
            as kap_total_gy_m2,
        case
            when count(air_kerma_rp_gy) = n_reports
                then sum(air_kerma_rp_gy order by air_kerma_rp_gy)
        end as air_kerma_rp_total_gy,
        case
            when count(fluoro_time_s) = n_reports
                then sum(fluoro_time_s order by fluoro_time_s)
        end as fluoro_time_total_s
    from reports
    group by facility_id, study_key, modality

),

joined as (

    select
        coalesce(from_events.facility_id, from_totals.facility_id) as facility_id,
        coalesce(from_events.study_key, from_totals.study_key) as study_key,
        coalesce(from_events.modality, from_totals.modality) as modality,
        coalesce(from_events.n_events, 0) as n_events,
        coalesce(from_totals.n_reports_with_totals, 0) as n_reports_with_totals,
        greatest(
            coalesce(from_events.n_event_planes, 0), coalesce(from_totals.n_total_planes, 0)
        ) as n_planes,
        coalesce(from_events.is_without_uid, false) as is_without_uid,
        coalesce(from_events.is_contradicted, false) as is_contradicted,
        coalesce(from_totals.is_contradicted, false) as is_total_contradicted,
        coalesce(from_totals.is_overlapping, false) as is_overlapping,
        coalesce(from_totals.is_mixed, false) as is_mixed,
        coalesce(from_totals.is_total_of_unknown_scope, false) as is_total_of_unknown_scope,
        coalesce(from_totals.kap_total_gy_m2, from_events.kap_of_events_gy_m2) as kap_gy_m2,
        coalesce(from_totals.air_kerma_rp_total_gy, from_events.air_kerma_rp_of_events_gy)
            as air_kerma_rp_gy,
        from_totals.fluoro_time_total_s as fluoro_time_s,
        coalesce(
            from_totals.reference_point_definition, from_events.reference_point_definition
        ) as reference_point_definition,
        coalesce(from_events.is_outside_hard_limits, false) as is_outside_hard_limits,
        views.largest_agd_mgy,
        views.reason_of_views
    from from_events
    full outer join from_totals
        on
            from_events.facility_id = from_totals.facility_id
            and from_events.study_key = from_totals.study_key
            and from_events.modality = from_totals.modality
    left join views on {{ is_same_examination('from_events', 'views') }}

),

final as (

    select
        * replace (
            case when n_planes <= 1 then air_kerma_rp_gy end as air_kerma_rp_gy,
            case when n_planes <= 1 then fluoro_time_s end as fluoro_time_s
        )
    from joined

)

select * from final
