with

events as (

    select * from {{ ref('int_events_classified') }}

),

-- A zero is the dose of an event only where CTDIvol and DLP both say that nothing was given. A
-- localizer may lack its DLP, which is small beside that of a scan: GE states none.
stated as (

    select
        *,
        coalesce(dlp_mgy_cm > 0 or (dlp_mgy_cm = 0 and mean_ctdivol_mgy = 0), false)
            as is_dlp_stated,
        event_kind <> 'localizer' as is_dlp_needed,
        event_kind = 'diagnostic' and not is_without_dose as is_in_mean
    from events

),

-- Sums are taken in a fixed order: floating-point sums in any order differ in the last bits. The
-- values alone give it, since equal ones may change places.
summed as (

    select
        facility_id,
        study_key,
        modality,
        count(*) as n_events,
        count(*) filter (where event_kind = 'diagnostic') as n_diagnostic_events,
        count(distinct ctdiw_phantom) filter (where event_kind = 'diagnostic') as n_phantoms,
        case
            when
                n_phantoms = 1
                and count(ctdiw_phantom) filter (where event_kind = 'diagnostic')
                = n_diagnostic_events
                then min(ctdiw_phantom) filter (where event_kind = 'diagnostic')
        end as ctdiw_phantom,
        bool_or(is_without_uid) as is_without_uid,
        bool_or(is_contradicted) as is_contradicted,
        bool_or(is_overlapping) as is_overlapping,
        count(*) filter (where is_dlp_needed and not is_dlp_stated) as n_without_dlp,
        count(*) filter (where is_dlp_needed and is_dlp_stated) as n_with_dlp,
        avg(mean_ctdivol_mgy order by mean_ctdivol_mgy) filter (where is_in_mean)
            as ctdivol_mgy,
        sum(dlp_mgy_cm order by dlp_mgy_cm) as dlp_of_events_mgy_cm,
        count(*) filter (where is_in_mean) as n_in_mean,
        count(*) filter (where is_in_mean and size_specific_dose_mgy > 0) as n_with_ssde,
        avg(size_specific_dose_mgy order by size_specific_dose_mgy)
        filter (where is_in_mean) as mean_ssde_mgy,
        coalesce(bool_or(is_in_mean and is_ssde_derived), false) as is_ssde_derived,
        avg(
            water_equivalent_diameter_mm order by water_equivalent_diameter_mm
        ) filter (where event_kind = 'diagnostic') as water_equivalent_diameter_mm
    from stated
    group by facility_id, study_key, modality

),

-- The sum of some of the events would be too small for the examination.
final as (

    select
        * exclude (
            n_without_dlp, n_with_dlp, dlp_of_events_mgy_cm, n_in_mean, n_with_ssde, mean_ssde_mgy
        ),
        n_without_dlp > 0 and n_with_dlp > 0 as is_dlp_incomplete,
        case when n_without_dlp = 0 then dlp_of_events_mgy_cm end as dlp_mgy_cm,
        case when n_with_ssde = n_in_mean then mean_ssde_mgy end as ssde_mgy
    from summed

)

select * from final
