with

events as (

    select * from {{ ref('int_events_classified') }}

),

-- Sums are taken in a fixed order: floating-point sums in any order differ in the last bits.
final as (

    select
        facility_id,
        study_key,
        modality,
        count(*) as n_events,
        count(*) filter (where event_kind = 'diagnostic') as n_diagnostic_events,
        count(distinct ctdiw_phantom) filter (where event_kind = 'diagnostic') as n_phantoms,
        case
            when n_phantoms = 1
                then min(ctdiw_phantom) filter (where event_kind = 'diagnostic')
        end as ctdiw_phantom,
        avg(mean_ctdivol_mgy order by mean_ctdivol_mgy, counted_event_key) filter (
            where event_kind = 'diagnostic'
        ) as ctdivol_mgy,
        sum(dlp_mgy_cm order by dlp_mgy_cm, counted_event_key) as dlp_mgy_cm
    from events
    group by facility_id, study_key, modality

)

select * from final
