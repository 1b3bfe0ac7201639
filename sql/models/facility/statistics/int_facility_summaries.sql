{% set cell = [
    'facility_id', 'period', 'scope', 'unit_of_analysis', 'procedure_id', 'patient_group_id',
    'drl_quantity', 'minimum_examinations', 'method_dose_selection',
] %}
with

stated as (

    select * from {{ ref('stg_lake__facility_summaries') }}

),

methods_used as (

    {{ methods_used(ref('methods')) }}

),

method_groups as (

    select * from {{ ref('int_method_groups') }}

),

facility_summaries as (

    {{ described_summaries(
        'stated', ref('hard_limits'), ref('procedures'), ref('drl_quantities')
    ) }}

),

statistics as (

    select
        * exclude (is_superseded, is_outside_hard_limits, is_of_other_scope),
        'summary' as source
    from facility_summaries
    where not is_superseded and not is_outside_hard_limits and not is_of_other_scope

    union all by name

    select
        *,
        'rdsr' as source
    from (
        {{ all_rows_of([
            ref('int_examination_statistics'), ref('int_acquisition_facility_statistics'),
            ref('int_acquisition_device_statistics'),
        ]) }}
    )
    where facility_id in (select facility_summaries.facility_id from facility_summaries)

),

minimums as (

    select distinct
        method_groups.scope,
        method_groups.unit_of_analysis,
        method_groups.patient_group_id,
        method_groups.dose_selection as method_dose_selection,
        methods_used.minimum_examinations
    from method_groups
    inner join methods_used on method_groups.method_id = methods_used.method_id

),

candidates as (

    select
        statistics.*,
        minimums.minimum_examinations,
        minimums.method_dose_selection,
        statistics.n_examinations >= minimums.minimum_examinations as is_sufficient
    from statistics
    inner join minimums
        on
            statistics.scope = minimums.scope
            and statistics.unit_of_analysis = minimums.unit_of_analysis
            and statistics.patient_group_id = minimums.patient_group_id
            and coalesce(statistics.dose_selection = minimums.method_dose_selection, true)

),

preferred as (

    {{ preferred_statistics('candidates', cell) }}

),

used_summaries as (

    select distinct
        facility_id,
        device_key,
        period,
        scope,
        procedure_id,
        patient_group_id,
        drl_quantity
    from preferred
    where source = 'summary'

),

-- A summary is left out where no method would use it.
final as (

    select
        facility_summaries.* exclude (is_superseded, is_outside_hard_limits, is_of_other_scope),
        case
            when facility_summaries.is_superseded then 'summary_superseded'
            when facility_summaries.is_of_other_scope then 'summary_of_other_scope'
            when facility_summaries.is_outside_hard_limits then 'summary_outside_limits'
            when used_summaries.facility_id is not null then null
            when
                (
                    facility_summaries.scope,
                    facility_summaries.unit_of_analysis,
                    facility_summaries.patient_group_id
                )
                in (
                    select (minimums.scope, minimums.unit_of_analysis, minimums.patient_group_id)
                    from minimums
                )
                then 'reports_count_instead'
        end as exclusion_reason
    from facility_summaries
    left join used_summaries
        on
            facility_summaries.facility_id = used_summaries.facility_id
            and facility_summaries.device_key is not distinct from used_summaries.device_key
            and facility_summaries.period = used_summaries.period
            and facility_summaries.scope = used_summaries.scope
            and facility_summaries.procedure_id = used_summaries.procedure_id
            and facility_summaries.patient_group_id = used_summaries.patient_group_id
            and facility_summaries.drl_quantity = used_summaries.drl_quantity

)

select * from final
