{{ config(schema='marts', contract={'enforced': true}) }}

with

typical_values as (

    select * from {{ ref('int_device_typical_values') }}

),

generation_values as (

    select * from {{ ref('int_generation_values') }}

),

-- The whole nation is treated as one more generation, all.
compared as (

    select
        * exclude (generation),
        unnest(if(generation = 'unknown', ['all'], ['all', generation])) as generation
    from typical_values

),

contributors as (

    select distinct
        period,
        modality,
        drl_quantity,
        generation,
        unit,
        facility_id,
        device_key,
        manufacturer_id
    from compared

),

by_facility as (

    select
        period,
        modality,
        drl_quantity,
        generation,
        facility_id,
        count(*) as n_devices
    from contributors
    group by all

),

largest as (

    select
        * exclude (facility_id, n_devices),
        max(n_devices) / sum(n_devices) as largest_facility_share
    from by_facility
    group by all

),

counted as (

    select
        period,
        modality,
        drl_quantity,
        generation,
        any_value(unit) as unit,
        count(*) as n_devices,
        count(distinct facility_id) as n_facilities,
        {{ n_manufacturers('manufacturer_id') }} as n_manufacturers,
        {{ largest_manufacturer_share('manufacturer_id') }} as largest_manufacturer_share
    from contributors
    group by period, modality, drl_quantity, generation

),

final as (

    select
        counted.period,
        counted.modality,
        counted.generation,
        counted.drl_quantity,
        counted.unit,
        generation_values.standardised_value,
        case
            when generation_values.standard_error is not null
                then greatest(
                    generation_values.standardised_value
                    - 1.959963984540054 * generation_values.standard_error,
                    0
                )
        end as standardised_lower,
        generation_values.standardised_value
        + 1.959963984540054 * generation_values.standard_error as standardised_upper,
        generation_values.standardised_value / nullif(nation.standardised_value, 0)
            as ratio_to_all,
        generation_values.n_cells,
        generation_values.n_cells_left_out,
        generation_values.share_of_mix,
        counted.n_devices,
        counted.n_facilities,
        counted.n_manufacturers,
        counted.largest_manufacturer_share,
        largest.largest_facility_share
    from counted
    inner join largest
        on
            counted.period = largest.period
            and counted.modality = largest.modality
            and counted.drl_quantity = largest.drl_quantity
            and counted.generation = largest.generation
    inner join generation_values
        on
            counted.period = generation_values.period
            and counted.modality = generation_values.modality
            and counted.drl_quantity = generation_values.drl_quantity
            and counted.generation = generation_values.generation
    left join generation_values as nation
        on
            counted.period = nation.period
            and counted.modality = nation.modality
            and counted.drl_quantity = nation.drl_quantity
            and nation.generation = 'all'

)

select * from final
