with

standing_events as not materialized (

    select * from {{ ref('int_counted_reports_ct_irradiation_events') }}

),

dose_reports as (

    select * from {{ ref('int_counted_reports_dose_reports') }}

),

events as not materialized (

    select
        facility_id,
        submission_id,
        object_sha256,
        report_key,
        study_key,
        {{ counted_event_key() }} as counted_event_key,
        hash(facility_id, counted_event_key) as key_hash,
        event_index,
        ct_acquisition_type,
        ctdiw_phantom,
        mean_ctdivol_mgy,
        dlp_mgy_cm
    from standing_events

),

repeated as (

    {{ repeated_hashes('events', 'key_hash') }}

),

-- Most events occur once. Only those that may have copies or parts are sorted and compared.
maybe_copies as (

    select events.*
    from events
    semi join repeated on events.key_hash = repeated.key_hash

),

reports_with_copies as (

    select distinct
        submission_id,
        object_sha256
    from maybe_copies

),

report_sizes as (

    select
        events.submission_id,
        events.object_sha256,
        count(*) as n_report_events
    from events
    semi join reports_with_copies
        on
            events.submission_id = reports_with_copies.submission_id
            and events.object_sha256 = reports_with_copies.object_sha256
    group by events.submission_id, events.object_sha256

),

sized_reports as (

    select
        report_sizes.*,
        dose_reports.completion_flag,
        dose_reports.irradiation_started_at
    from report_sizes
    left join dose_reports
        on
            report_sizes.submission_id = dose_reports.submission_id
            and report_sizes.object_sha256 = dose_reports.object_sha256

),

candidates as (

    select
        maybe_copies.*,
        sized_reports.n_report_events,
        sized_reports.completion_flag,
        sized_reports.irradiation_started_at
    from maybe_copies
    inner join sized_reports
        on
            maybe_copies.submission_id = sized_reports.submission_id
            and maybe_copies.object_sha256 = sized_reports.object_sha256

),

compared as (

    {{ copies_compared(
        'candidates', ['mean_ctdivol_mgy', 'dlp_mgy_cm'], ['ct_acquisition_type', 'ctdiw_phantom']
    ) }}

),

final as (

    select
        facility_id,
        submission_id,
        object_sha256,
        study_key,
        counted_event_key,
        event_index,
        dlp_mgy_cm,
        copy_number,
        is_of_another_study,
        is_contradicted
    from compared

)

select * from final
