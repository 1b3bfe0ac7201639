with

stated as (

    select * from {{ ref('stg_lake__facility_summaries') }}

),

facility_summaries as (

    select
        stated.*,
        case when stated.device_key is null then 'facility' else 'device' end as unit_of_analysis
    from stated

),

unit_statistics as (

    select * from {{ ref('int_examination_statistics') }}
    union all
    select * from {{ ref('int_acquisition_facility_statistics') }}
    union all
    select * from {{ ref('int_acquisition_device_statistics') }}

),

-- A facility names its units differently in its summaries and in its reports, so statistics of a
-- unit are compared without the name; otherwise one unit could be counted twice.
stated_by_reports as (

    select distinct
        period,
        scope,
        unit_of_analysis,
        facility_id,
        procedure_id,
        patient_group_id,
        drl_quantity
    from unit_statistics

),

final as (

    select
        facility_summaries.*,
        case
            when
                facility_summaries.sequence_number < max(facility_summaries.sequence_number)
                    over (partition by facility_summaries.facility_id, facility_summaries.period)
                then 'summary_superseded'
            when stated_by_reports.facility_id is not null then 'reports_count_instead'
        end as exclusion_reason
    from facility_summaries
    left join stated_by_reports
        on
            facility_summaries.period = stated_by_reports.period
            and facility_summaries.scope = stated_by_reports.scope
            and facility_summaries.unit_of_analysis = stated_by_reports.unit_of_analysis
            and facility_summaries.facility_id = stated_by_reports.facility_id
            and facility_summaries.procedure_id = stated_by_reports.procedure_id
            and facility_summaries.patient_group_id = stated_by_reports.patient_group_id
            and facility_summaries.drl_quantity = stated_by_reports.drl_quantity

)

select * from final
