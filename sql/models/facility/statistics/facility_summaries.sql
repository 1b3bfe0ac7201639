{{ config(schema='marts', contract={'enforced': true}) }}

with

summaries as (

    select * from {{ ref('int_facility_summaries') }}

),

final as (

    select
        facility_id,
        device_key,
        period,
        scope,
        procedure_id,
        patient_group_id,
        drl_quantity,
        sequence_number,
        unit_of_analysis,
        unit,
        stated_unit,
        n_examinations,
        n_values,
        p50,
        mean,
        file_sha256,
        exclusion_reason is null as is_used,
        exclusion_reason
    from summaries

)

select * from final
