{{ config(schema='marts', contract={'enforced': true}) }}

with

object_attrition as (

    select * from {{ ref('int_object_attrition') }}

),

report_attrition as (

    select * from {{ ref('int_report_attrition') }}

),

event_attrition as (

    select * from {{ ref('int_event_attrition') }}

),

examination_attrition as (

    select * from {{ ref('int_examination_attrition') }}

),

counted_things as (

    select
        'object' as counted,
        object_attrition.*
    from object_attrition

    union all

    select
        'report' as counted,
        report_attrition.*
    from report_attrition

    union all

    select
        'event' as counted,
        event_attrition.*
    from event_attrition

    union all

    select
        'examination' as counted,
        examination_attrition.*
    from examination_attrition

),

final as (

    select
        facility_id,
        counted,
        step_number,
        step,
        reason_code,
        n
    from counted_things

)

select * from final
