{{ config(schema='core') }}

with

devices_left_out as (

    select * from {{ ref('int_devices_left_out') }}
    where is_left_out

),

doses_in_levels as (

    {{ doses_without_devices(ref('fct_examination_doses'), 'devices_left_out') }}

),

-- Examinations of all facilities together.
pooled_statistics as (

    {{ unit_statistics(
        'doses_in_levels', 'doses_in_levels', ref('int_method_groups'), 'examination', 'examination'
    ) }}

),

unit_statistics as (

    {{ all_rows_of([
        ref('int_examination_statistics'), ref('int_acquisition_facility_statistics'),
        ref('int_acquisition_device_statistics'), 'pooled_statistics',
    ]) }}

),

facility_summaries as (

    select *
    from {{ ref('int_facility_summaries') }}
    where exclusion_reason is null

),

affected as (

    select
        facility_id,
        period,
        drl_quantity,
        list(device_key) as device_keys
    from devices_left_out
    group by facility_id, period, drl_quantity

),

-- The statistics of affected facilities without those devices.
without_devices as (

    {{ statistics_without_devices('devices_left_out') }}

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
        joined.period,
        joined.scope,
        joined.unit_of_analysis,
        joined.facility_id,
        joined.device_key,
        joined.covered_device_key,
        joined.procedure_id,
        joined.patient_group_id,
        joined.drl_quantity,
        joined.source,
        joined.unit,
        joined.dose_selection,
        joined.n_values,
        joined.n_examinations,
        joined.n_facilities,
        joined.n_derived,
        joined.p25,
        joined.p50,
        joined.p75,
        joined.p95,
        joined.mean,
        joined.minimum,
        joined.maximum,
        joined.p50_lower,
        joined.p50_upper,
        joined.n_weight_known,
        joined.weight_mean_kg,
        joined.weight_median_kg,
        case when affected.facility_id is null then joined.p50 else without_devices.p50 end
            as p50_in_levels,
        case when affected.facility_id is null then joined.mean else without_devices.mean end
            as mean_in_levels,
        case
            when affected.facility_id is null then joined.n_examinations
            else without_devices.n_examinations
        end as n_examinations_in_levels
    from joined
    left join affected
        on
            joined.facility_id = affected.facility_id
            and joined.period = affected.period
            and joined.drl_quantity = affected.drl_quantity
            and joined.source = 'rdsr'
            and (
                joined.unit_of_analysis = 'facility'
                or list_contains(affected.device_keys, joined.device_key)
            )
    left join without_devices on {{ is_same_facility_statistic('joined', 'without_devices') }}

)

select * from final
