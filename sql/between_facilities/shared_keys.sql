{#- Keys of objects, reports, events and studies that two or more facilities have sent, with the
    parts that have them.

    Some devices write one UID for everything. So a UID that two facilities have sent means one
    report or event only if the device and the day are the same, or the start (and the doses) are. -#}
with

reports as not materialized (

    select * from {{ ref('compared_reports') }}

),

events as not materialized (

    select * from {{ ref('compared_events') }}

),

-- Events of several facilities are few: the others are not compared further.
event_hashes as (

    select hash(event_key) as event_hash
    from events
    group by event_hash
    having min(facility_id) <> max(facility_id)

),

repeated_events as (

    select
        reports.facility_id,
        reports.part_hash,
        reports.national_device_key,
        reports.study_date,
        events.event_key,
        events.dose_hash,
        coalesce(events.started_at, reports.irradiation_started_at) as started_at
    from events
    semi join event_hashes on hash(events.event_key) = event_hashes.event_hash
    inner join reports
        on
            events.submission_id = reports.submission_id
            and events.object_sha256 = reports.object_sha256

),

keys as (

    select
        facility_id,
        part_hash,
        hash('object', object_sha256) as key_hash
    from reports

    union all

    select
        facility_id,
        part_hash,
        hash('report', report_key, irradiation_started_at) as key_hash
    from reports
    where irradiation_started_at is not null

    union all

    select
        facility_id,
        part_hash,
        unnest([
            hash('report', report_key, national_device_key, study_date),
            hash('study', study_key, modality, national_device_key)
        ]) as key_hash
    from reports
    where national_device_key is not null

    union all

    select
        facility_id,
        part_hash,
        hash('event', event_key, national_device_key, study_date) as key_hash
    from repeated_events
    where national_device_key is not null

    union all

    select
        facility_id,
        part_hash,
        hash('event', event_key, dose_hash, started_at) as key_hash
    from repeated_events
    where started_at is not null

),

shared as (

    select key_hash
    from keys
    group by key_hash
    having min(facility_id) <> max(facility_id)

),

final as (

    select distinct
        keys.facility_id,
        keys.part_hash,
        keys.key_hash
    from keys
    semi join shared on keys.key_hash = shared.key_hash

)

select * from final
