with

events as (

    select * from {{ ref('int_events_counted_once') }}

),

named as (

    select
        *,
        coalesce({{ normalised_text('acquisition_protocol') }}, '') as protocol_text,
        regexp_matches(
            protocol_text,
            'monitoring|bolus|tracking|smart ?prep|sure ?start'
        ) as is_named_bolus_tracking
    from events

),

classified as (

    select
        *,
        case
            when ct_acquisition_type = 'constant_angle' then 'localizer'
            when ct_acquisition_type = 'stationary' then 'bolus_tracking'
            when is_named_bolus_tracking then 'bolus_tracking'
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
