with

event_copies as (

    select * from {{ ref('int_xray_event_copies') }}

),

final as (

    select
        facility_id,
        submission_id,
        object_sha256,
        report_key,
        study_key,
        modality,
        count(distinct counted_event_key) as n_distinct_events,
        count(*) filter (where copy_number = 1) as n_counted_events,
        coalesce(bool_or(dose_area_product_gy_m2 > 0), false) as has_kap_of_events,
        coalesce(bool_or(dose_rp_gy > 0), false) as has_air_kerma_of_events
    from event_copies
    group by facility_id, submission_id, object_sha256, report_key, study_key, modality

)

select * from final
