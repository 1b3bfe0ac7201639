with

ct_events as (

    select * from {{ ref('int_copied_events') }}
    where copy_number > 1

),

xray_events as (

    select * from {{ ref('int_xray_event_copies') }}
    where copy_number > 1

),

administrations as (

    {{ rows_of_counted_reports(
        ref('stg_lake__radiopharmaceutical_administrations'), ref('int_reports_not_counted')
    ) }}

),

administrations_kept as (

    select * from {{ ref('int_administrations_counted_once') }}

),

final as (

    select
        facility_id,
        study_key,
        'ct' as kind,
        dlp_mgy_cm
    from ct_events

    union all

    select
        facility_id,
        study_key,
        'xray' as kind,
        cast(null as double) as dlp_mgy_cm
    from xray_events

    union all

    select
        administrations.facility_id,
        administrations.study_key,
        'administration' as kind,
        cast(null as double) as dlp_mgy_cm
    from administrations
    anti join administrations_kept
        on
            administrations.submission_id = administrations_kept.submission_id
            and administrations.object_sha256 = administrations_kept.object_sha256
            and administrations.event_index = administrations_kept.event_index

)

select * from final
