with

totals as (

    select * from {{ ref('int_xray_report_totals') }}

),

event_copies as (

    select * from {{ ref('int_xray_event_copies') }}

),

report_events as (

    select
        submission_id,
        object_sha256,
        count(distinct counted_event_key) as n_distinct_events,
        count(*) filter (where copy_number = 1) as n_counted_events
    from event_copies
    group by submission_id, object_sha256

),

joined as (

    select
        totals.*,
        coalesce(report_events.n_distinct_events, 0) as n_distinct_events,
        coalesce(report_events.n_counted_events, 0) as n_counted_events,
        sum(coalesce(report_events.n_counted_events, 0)) over (
            partition by totals.facility_id, totals.study_key, totals.modality
        ) as n_study_events
    from totals
    left join report_events
        on
            totals.submission_id = report_events.submission_id
            and totals.object_sha256 = report_events.object_sha256

),

ranked as (

    select
        *,
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

-- Totals of a report stand for its events. Where no report of a study lists events, it cannot be
-- seen whether they repeat each other, so the largest alone counts.
final as (

    select
        * exclude (n_study_events, size_rank),
        n_counted_events < n_distinct_events as is_overlapping
    from ranked
    where n_counted_events > 0 or (n_study_events = 0 and size_rank = 1)

)

select * from final
