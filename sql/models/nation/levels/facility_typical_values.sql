{{ config(schema='marts', contract={'enforced': true}) }}

with

facility_statistics as (

    select * from {{ ref('fct_facility_statistics') }}

),

procedures as (

    select * from {{ ref('procedures') }}

),

patient_groups as (

    select * from {{ ref('patient_groups') }}

),

methods_used as (

    {{ methods_used(ref('methods')) }}

),

method_groups as (

    select * from {{ ref('int_method_groups') }}

),

-- A method computes nothing here: it selects statistics and the one used as typical value. Its
-- validity dates restrict nothing, so that any method can be applied to any year.
selected as (

    select
        facility_statistics.*,
        procedures.label as procedure_label,
        methods_used.method_id,
        methods_used.method_version,
        case methods_used.site_statistic
            when 'mean' then facility_statistics.mean
            else facility_statistics.p50
        end as typical_value,
        facility_statistics.n_examinations >= methods_used.minimum_examinations as is_sufficient,
        case methods_used.site_statistic
            when 'mean' then facility_statistics.mean_in_levels
            else facility_statistics.p50_in_levels
        end as value_in_levels,
        coalesce(
            facility_statistics.n_examinations_in_levels >= methods_used.minimum_examinations,
            false
        ) as is_in_levels
    from facility_statistics
    inner join procedures on facility_statistics.procedure_id = procedures.procedure_id
    inner join methods_used
        on
            facility_statistics.scope
            = {{ method_scope('methods_used', 'facility_statistics') }}
            and facility_statistics.dose_selection
            is not distinct from case facility_statistics.source
                when 'rdsr' then {{ dose_selection('methods_used') }}
            end
            and facility_statistics.unit_of_analysis = methods_used.unit_of_analysis
            and {{ is_listed('procedures.modality', 'methods_used.modalities') }}
    inner join method_groups
        on
            methods_used.method_id = method_groups.method_id
            and methods_used.method_version = method_groups.method_version
            and facility_statistics.patient_group_id = method_groups.patient_group_id
            and facility_statistics.scope = method_groups.scope

),

-- A facility may give a statistic twice, in its dose reports and in its form.
preferred as (

    {{ preferred_statistics('selected', [
        'method_id', 'method_version', 'facility_id', 'period', 'procedure_id', 'patient_group_id',
        'drl_quantity',
    ]) }}

),

final as (

    select
        selected.period,
        selected.facility_id,
        selected.device_key,
        selected.procedure_id,
        selected.procedure_label,
        selected.patient_group_id,
        patient_groups.label as patient_group_label,
        selected.drl_quantity,
        selected.unit,
        selected.method_id,
        selected.method_version,
        selected.scope,
        selected.unit_of_analysis,
        selected.source,
        selected.n_facilities,
        selected.n_examinations,
        selected.n_values,
        selected.p25,
        selected.typical_value,
        selected.p50,
        selected.p50_lower,
        selected.p50_upper,
        selected.p75,
        selected.p95,
        selected.minimum,
        selected.maximum,
        selected.mean,
        selected.n_derived,
        selected.n_weight_known / selected.n_values as share_of_known_weights,
        selected.weight_mean_kg,
        selected.weight_median_kg,
        selected.is_sufficient,
        selected.value_in_levels,
        selected.n_examinations_in_levels,
        selected.is_in_levels
    from preferred as selected
    inner join patient_groups on selected.patient_group_id = patient_groups.group_id

)

select * from final
