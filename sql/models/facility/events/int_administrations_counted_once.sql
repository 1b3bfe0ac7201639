with

administrations as (

    select * from {{ ref('int_counted_reports_radiopharmaceutical_administrations') }}

),

dose_reports as (

    select * from {{ ref('int_counted_reports_dose_reports') }}

),

-- An administration belongs to nuclear medicine, also in the report of a CT.
sized as (

    select
        administrations.facility_id,
        administrations.submission_id,
        administrations.object_sha256,
        administrations.report_key,
        administrations.study_key,
        administrations.event_key,
        coalesce(
            administrations.event_key,
            administrations.report_key || '.' || administrations.event_index
        ) as counted_event_key,
        administrations.event_index,
        administrations.agent,
        administrations.radionuclide,
        administrations.administered_activity_mbq,
        'NM' as modality,
        dose_reports.completion_flag,
        count(*) over (
            partition by
                administrations.facility_id,
                administrations.submission_id,
                administrations.object_sha256
        ) as n_report_events
    from administrations
    left join dose_reports
        on
            administrations.submission_id = dose_reports.submission_id
            and administrations.object_sha256 = dose_reports.object_sha256

),

ranked as (

    select
        *,
        {{ is_without_uid() }} as is_without_uid,
        {{ copy_rank() }} as copy_rank,
        {{ copy_number() }} as copy_number
    from sized

),

compared as (

    select
        *,
        {{ copies_differ('administered_activity_mbq') }}
        or {{ copies_differ_in_word('radionuclide') }}
            as is_contradicted
    from ranked
    window tied_copies as (partition by facility_id, counted_event_key, copy_rank)

),

final as (

    select * exclude (event_key, copy_rank, copy_number)
    from compared
    where copy_number = 1

)

select * from final
