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
        protocol_text,
        acquisition_protocol
    from events
    where event_kind in ('diagnostic', 'volume')

    union all

    select
        facility_id,
        study_key,
        modality,
        coalesce({{ normalised_text('acquisition_protocol') }}, '') as protocol_text,
        acquisition_protocol
    from xray_events

),

protocols as (

    select
        facility_id,
        study_key,
        modality,
        protocol_text,
        min(acquisition_protocol) as examination_name
    from named_events
    group by facility_id, study_key, modality, protocol_text

),

-- Rules also compare all protocols of a study joined. That is no name: each protocol is read.
protocols_joined as (

    select
        facility_id,
        study_key,
        modality,
        string_agg(protocol_text, ' ' order by protocol_text) as protocol_text
    from protocols
    group by facility_id, study_key, modality
    having count(*) > 1

),

all_protocols as (

    select * from protocols
    union all by name
    select * from protocols_joined

),

stated as (

    select
        facility_id,
        study_key,
        modality,
        'procedure_code' as field,
        procedure_code as compared_text,
        null as examination_name
    from reports

    union all

    select
        facility_id,
        study_key,
        modality,
        'study_description' as field,
        {{ normalised_text('study_description') }} as compared_text,
        study_description as examination_name
    from reports

    union all

    select
        facility_id,
        study_key,
        modality,
        'requested_procedure' as field,
        {{ normalised_text('requested_procedure') }} as compared_text,
        requested_procedure as examination_name
    from reports

    union all

    select
        facility_id,
        study_key,
        modality,
        'acquisition_protocol' as field,
        protocol_text as compared_text,
        examination_name
    from all_protocols

),

final as (

    select *
    from stated
    where compared_text <> ''

)

select * from final
