with

reports as (

    select * from {{ ref('int_examination_reports') }}

),

events as (

    select * from {{ ref('int_events_classified') }}

),

protocols as (

    select distinct
        facility_id,
        study_key,
        protocol_text
    from events
    where event_kind = 'diagnostic'

),

-- The protocols of a study together: "thorax" and "abdomen" are one examination of both.
protocols_together as (

    select
        facility_id,
        study_key,
        string_agg(protocol_text, ' ' order by protocol_text) as protocol_text
    from protocols
    group by facility_id, study_key

),

stated as (

    select
        facility_id,
        study_key,
        'procedure_code' as field,
        procedure_code as compared_text
    from reports

    union all

    select
        facility_id,
        study_key,
        'study_description' as field,
        {{ normalised_text('study_description') }} as compared_text
    from reports

    union all

    select
        facility_id,
        study_key,
        'requested_procedure' as field,
        {{ normalised_text('requested_procedure') }} as compared_text
    from reports

    union all

    select
        facility_id,
        study_key,
        'acquisition_protocol' as field,
        protocol_text as compared_text
    from protocols

    union all

    select
        facility_id,
        study_key,
        'acquisition_protocol' as field,
        protocol_text as compared_text
    from protocols_together

),

final as (

    select distinct
        facility_id,
        study_key,
        field,
        compared_text
    from stated
    where compared_text <> ''

)

select * from final
