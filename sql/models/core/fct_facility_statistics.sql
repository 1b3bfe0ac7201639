with

unit_statistics as (

    select * from {{ ref('int_unit_statistics') }}

),

facility_summaries as (

    select *
    from {{ ref('int_facility_summaries') }}
    where exclusion_reason is null

),

-- Summaries of local audits, which facilities send instead of reports, join here.
final as (

    select
        period,
        scope,
        unit_of_analysis,
        facility_id,
        device_key,
        procedure_id,
        patient_group_id,
        drl_quantity,
        'rdsr' as source,
        unit,
        n_values,
        n_examinations,
        n_facilities,
        n_derived,
        p25,
        p50,
        p75,
        p95,
        mean,
        minimum,
        maximum,
        p50_lower,
        p50_upper,
        n_weight_known,
        weight_mean_kg,
        weight_median_kg
    from unit_statistics

    union all

    select
        period,
        scope,
        unit_of_analysis,
        facility_id,
        device_key,
        procedure_id,
        patient_group_id,
        drl_quantity,
        'summary' as source,
        unit,
        n_values,
        n_examinations,
        1 as n_facilities,
        n_derived,
        p25,
        p50,
        p75,
        p95,
        mean,
        minimum,
        maximum,
        p50_lower,
        p50_upper,
        n_weight_known,
        weight_mean_kg,
        weight_median_kg
    from facility_summaries

)

select * from final
