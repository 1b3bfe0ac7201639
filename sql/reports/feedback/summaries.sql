with

own_summaries as (

    select * from marts.facility_summaries
    where facility_id = $facility_id

),

procedures as (

    select * from reference.procedures

),

patient_groups as (

    select * from reference.patient_groups

),

reasons as (

    select * from reference.exclusion_reasons

),

final as (

    select
        own_summaries.period,
        procedures.label as procedure_label,
        patient_groups.label as patient_group_label,
        own_summaries.drl_quantity,
        own_summaries.device_key as device,
        own_summaries.unit,
        own_summaries.n_examinations,
        own_summaries.p50,
        case when own_summaries.exclusion_reason is null then 'yes' else 'no' end as is_used,
        reasons.description as reason
    from own_summaries
    left join procedures on own_summaries.procedure_id = procedures.procedure_id
    left join patient_groups on own_summaries.patient_group_id = patient_groups.group_id
    left join reasons on own_summaries.exclusion_reason = reasons.reason_code
    where own_summaries.exclusion_reason is distinct from 'summary_superseded'
    order by
        own_summaries.period desc,
        own_summaries.procedure_id asc,
        own_summaries.patient_group_id asc,
        own_summaries.drl_quantity asc,
        own_summaries.scope asc,
        own_summaries.device_key asc

)

select * from final
