{{ config(schema='core') }}

with

unit_statistics as (

    select * from {{ ref('int_examination_statistics') }}
    union all
    select * from {{ ref('int_examination_pooled_statistics') }}
    union all
    select * from {{ ref('int_acquisition_facility_statistics') }}
    union all
    select * from {{ ref('int_acquisition_device_statistics') }}

),

facility_summaries as (

    select *
    from {{ ref('int_facility_summaries') }}
    where exclusion_reason is null

),

-- Adds summaries of local audits, which facilities send instead of reports.
joined as (

    select
        *,
        'rdsr' as source
    from unit_statistics

    union all by name

    select
        *,
        1 as n_facilities,
        'summary' as source
    from facility_summaries

),

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
        source,
        unit,
        dose_selection,
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
    from joined

)

select * from final
