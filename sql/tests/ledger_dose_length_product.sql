-- Per facility: DLP of accepted events = copies + excluded examinations + examinations used.
{{ config(tags=['ledger']) }}

with

decoded as (

    select
        facility_id,
        sum(dlp_mgy_cm) as dlp_mgy_cm
    from {{ ref('stg_lake__ct_irradiation_events') }}
    group by facility_id

),

superseded as (

    select
        facility_id,
        sum(dlp_mgy_cm) as dlp_mgy_cm
    from {{ ref('int_event_copies') }}
    where copy_number > 1
    group by facility_id

),

examinations as (

    select * from {{ ref('int_examinations_classified') }}

),

events as (

    select * from {{ ref('int_events_classified') }}

),

excluded as (

    select
        events.facility_id,
        sum(events.dlp_mgy_cm) as dlp_mgy_cm
    from events
    inner join examinations
        on
            events.facility_id = examinations.facility_id
            and events.study_key = examinations.study_key
            and events.modality = examinations.modality
    where examinations.exclusion_reason is not null or examinations.dlp_mgy_cm is null
    group by events.facility_id

),

-- What the statistics read, as the examinations state it.
used as (

    select
        facility_id,
        sum(dlp_mgy_cm) as dlp_mgy_cm
    from examinations
    where exclusion_reason is null
    group by facility_id

),

balance as (

    select
        decoded.facility_id,
        coalesce(decoded.dlp_mgy_cm, 0) as decoded_dlp_mgy_cm,
        coalesce(superseded.dlp_mgy_cm, 0) as superseded_dlp_mgy_cm,
        coalesce(excluded.dlp_mgy_cm, 0) as excluded_dlp_mgy_cm,
        coalesce(used.dlp_mgy_cm, 0) as used_dlp_mgy_cm
    from decoded
    left join superseded on decoded.facility_id = superseded.facility_id
    left join excluded on decoded.facility_id = excluded.facility_id
    left join used on decoded.facility_id = used.facility_id

),

-- Sums of the same numbers in another order differ in the last digits.
final as (

    select *
    from balance
    where
        abs(decoded_dlp_mgy_cm - superseded_dlp_mgy_cm - excluded_dlp_mgy_cm - used_dlp_mgy_cm)
        > 1e-9 * decoded_dlp_mgy_cm

)

select * from final
