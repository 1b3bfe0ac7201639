with

events as (

    select * from {{ ref('int_events_classified') }}

),

examination_procedures as (

    select * from {{ ref('int_examination_procedures') }}

),

procedures as (

    select * from {{ ref('procedures') }}

),

heart_examinations as (

    select examination_procedures.*
    from examination_procedures
    inner join procedures on examination_procedures.procedure_id = procedures.procedure_id
    where procedures.is_heart

),

described as (

    select
        events.*,
        heart_examinations.study_key is not null as is_heart,
        {{ is_diagnostic('events', 'heart_examinations.study_key is not null') }} as is_diagnostic
    from events
    left join heart_examinations on {{ is_same_examination('events', 'heart_examinations') }}

),

-- Zero is a valid dose of an event only where both CTDIvol and DLP are zero. A localizer may lack
-- its DLP, which is small compared with that of a scan: GE devices report none.
stated as (

    select
        *,
        {{ exact_decimal('mean_ctdivol_mgy') }} as exact_ctdivol_mgy,
        {{ exact_decimal('dlp_mgy_cm') }} as exact_dlp_mgy_cm,
        {{ exact_decimal('size_specific_dose_mgy') }} as exact_ssde_mgy,
        {{ exact_decimal('water_equivalent_diameter_mm') }} as exact_diameter_mm,
        {{ exact_decimal('scanned_length_mm') }} as exact_length_mm,
        {{ exact_decimal('mean_ctdivol_mgy * scanned_length_mm') }} as ctdivol_by_length,
        {{ exact_decimal('size_specific_dose_mgy * scanned_length_mm') }} as ssde_by_length,
        coalesce(
            exact_dlp_mgy_cm > 0 or (exact_dlp_mgy_cm = 0 and mean_ctdivol_mgy = 0), false
        ) as is_dlp_stated,
        event_kind <> 'localizer' as is_dlp_needed,
        is_diagnostic and not is_without_dose as is_in_mean
    from described

),

summed as (

    select
        facility_id,
        study_key,
        modality,
        bool_or(is_heart) as is_heart,
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
        bool_or(is_outside_hard_limits) as is_outside_hard_limits,
        count(*) filter (where is_dlp_needed and not is_dlp_stated) as n_without_dlp,
        count(*) filter (where is_dlp_needed and is_dlp_stated) as n_with_dlp,
        sum(exact_dlp_mgy_cm) as dlp_of_events_mgy_cm,
        count(*) filter (where is_in_mean) as n_in_mean,
        {{ examination_sums('exact_ctdivol_mgy', 'ctdivol_by_length', 'ctdivol') }},
        {{ examination_sums('exact_ssde_mgy', 'ssde_by_length', 'ssde') }},
        count(exact_length_mm) filter (where is_in_mean) as n_with_length,
        sum(exact_length_mm) filter (where is_in_mean) as sum_of_lengths_mm,
        max(mean_ctdivol_mgy) filter (where event_kind = 'diagnostic') as scan_ctdivol_mgy,
        sum(exact_ctdivol_mgy) filter (where event_kind = 'volume') as volume_ctdivol_mgy,
        max(ctdiw_phantom) filter (where event_kind = 'volume') as volume_phantom,
        count(*) filter (where event_kind = 'volume' and is_named_perfusion) as n_named_perfusion,
        coalesce(bool_or(is_in_mean and is_ssde_derived), false) as is_ssde_derived,
        coalesce(bool_or(is_in_mean and is_diameter_outside), false) as is_diameter_outside,
        count(exact_diameter_mm) filter (where is_diagnostic) as n_with_diameter,
        sum(exact_diameter_mm) filter (where is_diagnostic) as sum_of_diameters_mm
    from stated
    group by facility_id, study_key, modality

),

totals as (

    {{ dlp_totals('summed', ref('stg_lake__ct_accumulated_doses')) }}

),

-- A sum or a mean over only some of the events would not represent the examination.
final as (

    select
        summed.facility_id,
        summed.study_key,
        summed.modality,
        n_events,
        n_diagnostic_events,
        is_heart,
        is_without_uid,
        is_contradicted,
        is_overlapping,
        is_outside_hard_limits,
        is_ssde_derived,
        is_diameter_outside,
        {{ is_perfusion() }} as is_perfusion,
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
        {{ weighted_by_length('ctdivol') }} as ctdivol_mgy,
        {{ mean_of_scans('ctdivol') }} as ctdivol_mean_mgy,
        {{ largest_of_scans('ctdivol') }} as ctdivol_largest_mgy,
        {{ weighted_by_length('ssde') }} as ssde_mgy,
        {{ mean_of_scans('ssde') }} as ssde_mean_mgy,
        {{ largest_of_scans('ssde') }} as ssde_largest_mgy,
        ctdivol_mean_mgy > 0 and ctdivol_mgy is null as is_length_unknown,
        sum_of_diameters_mm / n_with_diameter as water_equivalent_diameter_mm
    from summed
    left join totals on {{ is_same_examination('summed', 'totals') }}

)

select * from final
