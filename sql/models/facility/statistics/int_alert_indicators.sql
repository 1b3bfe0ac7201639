with

events as (

    select * from {{ ref('int_events_classified') }}
    where modality = 'CT' and is_dlp_alert_configured

),

examinations as (

    select * from {{ ref('int_examinations_classified') }}
    where period is not null

),

alerted as (

    select
        facility_id,
        study_key,
        max(dlp_alert_value_mgy_cm) as dlp_alert_value_mgy_cm,
        count(*) = count(dlp_alert_value_mgy_cm) as is_value_stated
    from events
    group by facility_id, study_key

),

-- NULL where the alert value or the complete DLP is missing.
compared as (

    select
        examinations.period,
        examinations.facility_id,
        examinations.device_key,
        case
            when alerted.is_value_stated
                then examinations.dlp_mgy_cm > alerted.dlp_alert_value_mgy_cm
        end as is_above
    from alerted
    inner join examinations
        on
            alerted.facility_id = examinations.facility_id
            and alerted.study_key = examinations.study_key
            and examinations.modality = 'CT'

),

final as (

    select
        period,
        'alert_value_exceeded' as indicator_id,
        cast(null as varchar) as dimension,
        cast(null as varchar) as stratum,
        facility_id,
        device_key,
        cast(null as varchar) as software_versions,
        count(*) filter (where is_above) as numerator,
        count(is_above) as denominator,
        count(*) - count(is_above) as n_unknown
    from compared
    group by all

)

select * from final
