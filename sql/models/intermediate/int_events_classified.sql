with

events as (

    select * from {{ ref('int_events_counted_once') }}

),

-- CTDIvol above DLP is less than 1 cm scanned: with such a name a timing run, else a small part.
named as (

    select
        *,
        coalesce({{ normalised_text('acquisition_protocol') }}, '') as protocol_text,
        regexp_matches(
            protocol_text,
            'monitoring|bolus|tracking|smart ?prep|sure ?start'
        ) as is_named_bolus_tracking,
        coalesce(
            dlp_mgy_cm > 0
            and mean_ctdivol_mgy > dlp_mgy_cm
            and regexp_matches(protocol_text, '[ck]ontrast|angio|\bcta\b|perfus')
            and len(string_split(protocol_text, ' ')) <= 3,
            false
        ) as is_timing_run
    from events

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

-- Zero and missing alike: the event enters no mean, and is counted as left out.
final as (

    select
        *,
        event_kind = 'diagnostic' and not coalesce(mean_ctdivol_mgy > 0, false)
            as is_without_dose,
        coalesce(ssde_mgy, {{ derived_ssde() }}) as size_specific_dose_mgy,
        ssde_mgy is null and {{ derived_ssde() }} is not null as is_ssde_derived
    from classified

)

select * from final
