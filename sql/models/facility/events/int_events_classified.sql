with

events as (

    select * from {{ ref('int_events_counted_once') }}

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
        and len(string_split(protocol_text, ' ')) <= 3 as is_named_contrast
    from protocols

),

-- CTDIvol above DLP means that less than 1 cm was scanned: with such a name it is a timing run.
named as (

    select
        events.*,
        protocol_texts.protocol_text,
        protocol_texts.is_named_bolus_tracking,
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

classified as (

    select
        *,
        case
            when ct_acquisition_type = 'constant_angle' then 'localizer'
            when ct_acquisition_type = 'stationary' then 'bolus_tracking'
            when is_named_bolus_tracking or is_timing_run then 'bolus_tracking'
            when ct_acquisition_type in ('spiral', 'sequenced') then 'diagnostic'
            else 'other'
        end as event_kind
    from named

),

-- Zero and missing are treated alike: the event is not used in a mean, and is counted as left out.
final as (

    select
        *,
        event_kind = 'diagnostic' and not coalesce(mean_ctdivol_mgy > 0, false)
            as is_without_dose,
        coalesce(ssde_mgy, {{ ssde_from_diameter() }}) as size_specific_dose_mgy,
        ssde_mgy is null and {{ ssde_from_diameter() }} is not null as is_ssde_derived
    from classified

)

select * from final
