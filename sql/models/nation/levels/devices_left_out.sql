{{ config(schema='marts', contract={'enforced': true}) }}

with

devices as (

    select * from {{ ref('int_devices_left_out') }}

),

facility_typical_values as (

    select * from {{ ref('facility_typical_values') }}
    where facility_id is not null

),

national_levels as (

    select * from {{ ref('int_national_levels') }}

),

methods as (

    select * from {{ ref('methods') }}

),

cells as (

    {{ cells_of_devices(
        'devices',
        'facility_typical_values',
        '(' ~ doses_of_examinations_and_views(ref('fct_examination_doses'), ref('fct_view_doses')) ~ ')'
    ) }}

),

-- The facility of the device with all of its values, the others as they are in the levels.
with_device as (

    select
        cells.method_id,
        cells.method_version,
        cells.period,
        cells.procedure_id,
        cells.patient_group_id,
        cells.drl_quantity,
        cells.device_key as named_device_key,
        facility_typical_values.facility_id,
        facility_typical_values.device_key,
        if(cells.facility_id = facility_typical_values.facility_id, typical_value, value_in_levels)
            as typical_value,
        case
            when methods.weighting <> 'volume' then 1
            when cells.facility_id = facility_typical_values.facility_id
                then facility_typical_values.n_examinations
            else facility_typical_values.n_examinations_in_levels
        end as weight,
        methods.percentile,
        methods.quantile_definition
    from cells
    inner join facility_typical_values
        on
            {{ is_same_cell('cells', 'facility_typical_values') }}
            and if(
                cells.facility_id = facility_typical_values.facility_id,
                facility_typical_values.is_sufficient,
                facility_typical_values.is_in_levels
            )
    inner join methods
        on
            cells.method_id = methods.method_id
            and cells.method_version = methods.method_version

),

placed as (

    select
        *,
        cast(
            sum(weight) over (
                partition by {{ national_key() }}, named_device_key
                order by typical_value asc, facility_id asc, device_key asc
                rows unbounded preceding
            ) as bigint
        ) as last_position
    from with_device

),

levels_with_device as (

    select
        {{ national_key() }},
        named_device_key,
        list(typical_value order by last_position) as typical_values,
        list(last_position order by last_position) as last_positions,
        {{ quantile_rank(
            'max(last_position)', 'any_value(percentile)', 'any_value(quantile_definition)'
        ) }} as value_rank
    from placed
    group by {{ national_key() }}, named_device_key

),

final as (

    select
        cells.method_id,
        cells.method_version,
        cells.period,
        cells.procedure_id,
        cells.patient_group_id,
        cells.drl_quantity,
        cells.unit,
        cells.facility_id,
        cells.device_key,
        cast(cells.n_examinations as bigint) as n_examinations,
        cast(cells.factor as double) as factor,
        cells.ratio,
        cells.statement,
        cells.because,
        cells.is_left_out,
        national_levels.level_value as national_level,
        {{ value_at('typical_values', 'last_positions', 'value_rank') }} as level_with_device
    from cells
    inner join levels_with_device
        on
            {{ is_same_cell('cells', 'levels_with_device') }}
            and cells.device_key = levels_with_device.named_device_key
    left join national_levels
        on {{ is_same_cell('cells', 'national_levels') }}

)

select * from final
