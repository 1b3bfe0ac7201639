with

events as (

    select * from {{ ref('int_events_classified') }}

),

exact as (

    select
        *,
        {{ exact_decimal('mean_ctdivol_mgy') }} as exact_ctdivol_mgy,
        {{ exact_decimal('dlp_mgy_cm') }} as exact_dlp_mgy_cm,
        {{ exact_decimal('size_specific_dose_mgy') }} as exact_ssde_mgy,
        {{ exact_decimal('water_equivalent_diameter_mm') }} as exact_diameter_mm,
        event_kind = 'diagnostic' as is_diagnostic
    from events

),

-- Zero is a valid dose of an event only where both CTDIvol and DLP are zero. A localizer may lack
-- its DLP, which is small compared with that of a scan: GE devices report none.
stated as (

    select
        *,
        coalesce(
            exact_dlp_mgy_cm > 0 or (exact_dlp_mgy_cm = 0 and mean_ctdivol_mgy = 0), false
        ) as is_dlp_stated,
        event_kind <> 'localizer' as is_dlp_needed,
        is_diagnostic and not is_without_dose as is_in_mean
    from exact

),

summed as (

    select
        facility_id,
        study_key,
        modality,
        count(*) as n_events,
        count(*) filter (where is_diagnostic) as n_diagnostic_events,
        count(ctdiw_phantom) filter (where is_diagnostic) as n_with_phantom,
        min(ctdiw_phantom) filter (where is_diagnostic) as first_phantom,
        max(ctdiw_phantom) filter (where is_diagnostic) as last_phantom,
        min(report_hash) as first_report_hash,
        max(report_hash) as last_report_hash,
        bool_or(is_without_uid) as is_without_uid,
        bool_or(is_contradicted) as is_contradicted,
        bool_or(is_overlapping) as is_overlapping,
        count(*) filter (where is_dlp_needed and not is_dlp_stated) as n_without_dlp,
        count(*) filter (where is_dlp_needed and is_dlp_stated) as n_with_dlp,
        sum(exact_dlp_mgy_cm) as dlp_of_events_mgy_cm,
        count(*) filter (where is_in_mean) as n_in_mean,
        count(exact_ctdivol_mgy) filter (where is_in_mean) as n_with_ctdivol,
        sum(exact_ctdivol_mgy) filter (where is_in_mean) as sum_of_ctdivol_mgy,
        count(*) filter (where is_in_mean and exact_ssde_mgy > 0) as n_with_ssde,
        sum(exact_ssde_mgy) filter (where is_in_mean) as sum_of_ssde_mgy,
        coalesce(bool_or(is_in_mean and is_ssde_derived), false) as is_ssde_derived,
        count(exact_diameter_mm) filter (where is_diagnostic) as n_with_diameter,
        sum(exact_diameter_mm) filter (where is_diagnostic) as sum_of_diameters_mm
    from stated
    group by facility_id, study_key, modality

),

totals as (

    {{ dlp_totals('summed', ref('stg_lake__ct_accumulated_doses')) }}

),

-- A sum over only some of the events would be too small, and a mean would not represent the
-- examination.
final as (

    select
        summed.facility_id,
        summed.study_key,
        summed.modality,
        n_events,
        n_diagnostic_events,
        is_without_uid,
        is_contradicted,
        is_overlapping,
        is_ssde_derived,
        coalesce(first_phantom <> last_phantom, false) as is_on_mixed_phantoms,
        case
            when first_phantom = last_phantom and n_with_phantom = n_diagnostic_events
                then first_phantom
        end as ctdiw_phantom,
        n_without_dlp > 0 and n_with_dlp > 0 as is_dlp_incomplete,
        coalesce(
            totals.dlp_mgy_cm,
            case when n_without_dlp = 0 then cast(dlp_of_events_mgy_cm as double) end
        ) as dlp_mgy_cm,
        totals.dlp_mgy_cm - coalesce(cast(dlp_of_events_mgy_cm as double), 0)
            as dlp_of_total_alone_mgy_cm,
        case when n_with_ctdivol = n_in_mean then sum_of_ctdivol_mgy / n_in_mean end
            as ctdivol_mgy,
        case when n_with_ssde = n_in_mean then sum_of_ssde_mgy / n_in_mean end as ssde_mgy,
        sum_of_diameters_mm / n_with_diameter as water_equivalent_diameter_mm
    from summed
    left join totals on {{ is_same_examination('summed', 'totals') }}

)

select * from final
