with

totals as (

    select
        *,
        true as has_totals
    from {{ ref('int_xray_report_totals') }}

),

event_copies as (

    select * from {{ ref('int_xray_event_copies') }}

),

report_events as (

    select
        facility_id,
        submission_id,
        object_sha256,
        report_key,
        study_key,
        modality,
        count(distinct counted_event_key) as n_distinct_events,
        count(*) filter (where copy_number = 1) as n_counted_events,
        count(dose_area_product_gy_m2) filter (where copy_number = 1) as n_with_kap,
        sum(dose_area_product_gy_m2) filter (where copy_number = 1) as kap_of_events_gy_m2,
        count(dose_rp_gy) filter (where copy_number = 1) as n_with_air_kerma,
        sum(dose_rp_gy) filter (where copy_number = 1) as air_kerma_of_events_gy,
        coalesce(bool_or(dose_area_product_gy_m2 > 0), false) as has_kap_of_events,
        coalesce(bool_or(dose_rp_gy > 0), false) as has_air_kerma_of_events
    from event_copies
    group by facility_id, submission_id, object_sha256, report_key, study_key, modality

),

-- A total of zero, although events have a dose, was never filled in: it is treated as missing.
joined as (

    select
        coalesce(totals.facility_id, report_events.facility_id) as facility_id,
        coalesce(totals.submission_id, report_events.submission_id) as submission_id,
        coalesce(totals.object_sha256, report_events.object_sha256) as object_sha256,
        coalesce(totals.report_key, report_events.report_key) as report_key,
        coalesce(totals.study_key, report_events.study_key) as study_key,
        coalesce(totals.modality, report_events.modality) as modality,
        coalesce(totals.has_totals, false) as has_totals,
        coalesce(totals.is_contradicted, false) as is_contradicted,
        totals.n_planes,
        totals.reference_point_definition,
        case
            when totals.kap_gy_m2 > 0 or not coalesce(report_events.has_kap_of_events, false)
                then totals.kap_gy_m2
        end as kap_gy_m2,
        case
            when
                totals.air_kerma_rp_gy > 0
                or not coalesce(report_events.has_air_kerma_of_events, false)
                then totals.air_kerma_rp_gy
        end as air_kerma_rp_gy,
        totals.fluoro_time_s,
        totals.scope_of_accumulation,
        coalesce(report_events.n_with_kap, 0) as n_with_kap,
        coalesce(report_events.kap_of_events_gy_m2, 0) as kap_of_events_gy_m2,
        coalesce(report_events.n_with_air_kerma, 0) as n_with_air_kerma,
        coalesce(report_events.air_kerma_of_events_gy, 0) as air_kerma_of_events_gy,
        coalesce(report_events.n_distinct_events, 0) as n_distinct_events,
        coalesce(report_events.n_counted_events, 0) as n_counted_events
    from totals
    full outer join report_events
        on
            totals.submission_id = report_events.submission_id
            and totals.object_sha256 = report_events.object_sha256

),

ranked as (

    select
        *,
        max(n_distinct_events) over (
            partition by facility_id, study_key, modality
        ) > 0 as is_with_events,
        n_distinct_events = 0
        and greatest(kap_gy_m2, air_kerma_rp_gy, fluoro_time_s, 0) > 0 as is_totals_only,
        row_number() over (
            partition by facility_id, study_key, modality
            order by
                kap_gy_m2 desc nulls last,
                fluoro_time_s desc nulls last,
                report_key asc,
                submission_id asc,
                object_sha256 asc
        ) as size_rank
    from joined

),

-- Totals of a report are used for its events, also where it lists none. Where no report of a study
-- lists events, it cannot be determined whether the reports repeat each other, so only the largest
-- is used; where one lists events, it cannot be determined whether the totals of another report
-- cover the same events.
counted as (

    select
        * exclude (is_totals_only, is_with_events, size_rank),
        n_counted_events < n_distinct_events as is_overlapping,
        is_with_events and is_totals_only as is_mixed
    from ranked
    where
        n_counted_events > 0
        or (is_with_events and is_totals_only)
        or (not is_with_events and size_rank = 1)

),

final as (

    {{ totals_used('counted') }}

)

select * from final
