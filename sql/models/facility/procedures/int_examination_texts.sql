with

reports as not materialized (

    select * from {{ ref('int_examination_reports') }}

),

events as (

    select * from {{ ref('int_events_classified') }}

),

xray_events as (

    select * from {{ ref('int_xray_event_copies') }}
    where copy_number = 1

),

named_events as (

    select
        facility_id,
        study_key,
        modality,
        protocol_text
    from events
    where event_kind in ('diagnostic', 'volume')

    union all

    select
        facility_id,
        study_key,
        modality,
        coalesce({{ normalised_text('acquisition_protocol') }}, '') as protocol_text
    from xray_events

),

studies as (

    select
        facility_id,
        study_key,
        modality,
        list_sort(list(distinct protocol_text)) as protocol_texts
    from named_events
    group by facility_id, study_key, modality

),

-- Each protocol, and where there are several, all protocols of the study joined: "thorax" and
-- "abdomen" are one examination of both.
protocols as (

    select
        facility_id,
        study_key,
        modality,
        unnest(
            if(
                len(protocol_texts) > 1,
                list_append(protocol_texts, array_to_string(protocol_texts, ' ')),
                protocol_texts
            )
        ) as protocol_text
    from studies

),

stated as (

    select
        facility_id,
        study_key,
        modality,
        'procedure_code' as field,
        procedure_code as compared_text
    from reports

    union all

    select
        facility_id,
        study_key,
        modality,
        'study_description' as field,
        {{ normalised_text('study_description') }} as compared_text
    from reports

    union all

    select
        facility_id,
        study_key,
        modality,
        'requested_procedure' as field,
        {{ normalised_text('requested_procedure') }} as compared_text
    from reports

    union all

    select
        facility_id,
        study_key,
        modality,
        'acquisition_protocol' as field,
        protocol_text as compared_text
    from protocols

),

final as (

    select *
    from stated
    where compared_text <> ''

)

select * from final
