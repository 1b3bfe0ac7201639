with

reports as not materialized (

    select * from {{ ref('int_examination_reports') }}

),

events as (

    select * from {{ ref('int_events_classified') }}

),

xray_events as (

    select * from {{ ref('int_xray_events_counted_once') }}

),

protocols as (

    select distinct
        facility_id,
        study_key,
        modality,
        protocol_text
    from events
    where event_kind = 'diagnostic'

    union

    select distinct
        facility_id,
        study_key,
        modality,
        coalesce({{ normalised_text('acquisition_protocol') }}, '') as protocol_text
    from xray_events

),

-- The protocols of a study together: "thorax" and "abdomen" are one examination of both.
protocols_together as (

    select
        facility_id,
        study_key,
        modality,
        string_agg(protocol_text, ' ' order by protocol_text) as protocol_text
    from protocols
    group by facility_id, study_key, modality

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

    union all

    select
        facility_id,
        study_key,
        modality,
        'acquisition_protocol' as field,
        protocol_text as compared_text
    from protocols_together

),

final as (

    select distinct
        facility_id,
        study_key,
        modality,
        field,
        compared_text
    from stated
    where compared_text <> ''

)

select * from final
