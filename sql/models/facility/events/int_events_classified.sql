with

events as (

    select * from {{ ref('int_events_counted_once') }}

),

hard_limits as (

    {{ hard_limits(ref('hard_limits'), ref('drl_quantities'), 'acquisition') }}

),

protocols as (

    select distinct acquisition_protocol
    from {{ ref('int_counted_reports_ct_irradiation_events') }}

),

-- There are few distinct names: each is classified once.
protocol_texts as (

    select
        acquisition_protocol,
        coalesce({{ normalised_text('acquisition_protocol') }}, '') as protocol_text,
        regexp_matches(
            protocol_text,
            'monitoring|bolus|tracking|smart ?prep|sure ?start'
        ) as is_named_bolus_tracking,
        regexp_matches(protocol_text, '[ck]ontrast|angio|\bcta\b|perfus')
        and len(string_split(protocol_text, ' ')) <= 3 as is_named_contrast,
        regexp_matches(protocol_text, 'perfus|\bctp\b|\bvpct\b') as is_named_perfusion,
        regexp_matches(
            protocol_text,
            'cal[ck]ium|kalzium|kalk ?score|score cal[ck]|\bca ?-?sc(ore)?\b|\bcasc|agatston'
        ) as is_named_calcium_score
    from protocols

),

-- CTDIvol above DLP means that less than 1 cm was scanned: with such a name it is a timing run.
named as (

    select
        events.*,
        protocol_texts.protocol_text,
        protocol_texts.is_named_bolus_tracking,
        protocol_texts.is_named_perfusion,
        protocol_texts.is_named_calcium_score,
        {{ scanned_length(
            'events.dlp_mgy_cm', 'events.mean_ctdivol_mgy', 'events.scanning_length_mm'
        ) }} as scanned_length_mm,
        coalesce(
            events.dlp_mgy_cm > 0
            and events.mean_ctdivol_mgy > events.dlp_mgy_cm
            and protocol_texts.is_named_contrast,
            false
        ) as is_timing_run
    from events
    inner join protocol_texts
        on events.acquisition_protocol is not distinct from protocol_texts.acquisition_protocol

),

-- A stationary event is bolus tracking only where it is short, or named so and not longer than one
-- collimation. Whether a longer one is diagnostic depends on the procedure (macro is_diagnostic).
classified as (

    select
        *,
        case
            when ct_acquisition_type = 'constant_angle' then 'localizer'
            when is_timing_run then 'bolus_tracking'
            when
                is_named_bolus_tracking
                and coalesce(scanned_length_mm <= {{ longest_collimation_mm() }}, true)
                then 'bolus_tracking'
            when
                ct_acquisition_type = 'stationary'
                and scanned_length_mm <= {{ longest_bolus_mm() }}
                then 'bolus_tracking'
            when
                ct_acquisition_type in ('stationary', 'free')
                and scanned_length_mm > {{ longest_bolus_mm() }}
                and mean_ctdivol_mgy > 0
                then 'volume'
            when ct_acquisition_type in ('spiral', 'sequenced') then 'diagnostic'
            else 'other'
        end as event_kind
    from named

),

-- Zero and missing are treated alike: the event is not used in a mean, and is counted as left out.
final as (

    select
        classified.*,
        event_kind = 'diagnostic' and not coalesce(mean_ctdivol_mgy > 0, false)
            as is_without_dose,
        coalesce(ssde_mgy, {{ ssde_from_diameter() }}) as size_specific_dose_mgy,
        ssde_mgy is null and {{ ssde_from_diameter() }} is not null as is_ssde_derived,
        ssde_mgy is null and {{ is_diameter_outside_tables() }} as is_diameter_outside,
        {{ is_outside('dlp_mgy_cm', 'dlp') }}
        or {{ is_outside('ssde_mgy', 'ssde') }}
        or coalesce(
            mean_ctdivol_mgy > case ctdiw_phantom
                when 'body_32cm' then hard_limits.ctdivol_body_32cm_upper
                when 'head_16cm' then hard_limits.ctdivol_head_16cm_upper
                else hard_limits.ctdivol_upper
            end,
            false
        )
        or coalesce(mean_ctdivol_mgy > 0 and mean_ctdivol_mgy < hard_limits.ctdivol_lower, false)
            as is_outside_hard_limits
    from classified
    left join hard_limits on hard_limits.modality = 'CT'

)

select * from final
