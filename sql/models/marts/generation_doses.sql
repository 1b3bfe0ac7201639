with

typical_values as (

    select * from {{ ref('int_device_typical_values') }}

),

-- The nation is a generation of its own beside those that are declared, which it is compared with.
compared as (

    select
        * exclude (generation),
        unnest(if(generation = 'unknown', ['all'], ['all', generation])) as generation
    from typical_values

),

cells as (

    select
        period,
        modality,
        drl_quantity,
        generation,
        procedure_id,
        patient_group_id,
        any_value(unit) as unit,
        count(*) as n_devices,
        sum(n_examinations) as n_examinations,
        list_avg(list_sort(list(typical_value))) as mean_typical_value,
        list_var_samp(list_sort(list(typical_value))) as variance
    from compared
    group by all

),

generations as (

    select
        period,
        modality,
        drl_quantity,
        count(distinct generation) as n_generations
    from cells
    group by all

),

-- A cell counts where every generation has it; it weighs as many examinations as the nation made.
common as (

    select
        cells.period,
        cells.modality,
        cells.drl_quantity,
        cells.procedure_id,
        cells.patient_group_id,
        max(cells.n_examinations) filter (where cells.generation = 'all') as n_examinations,
        count(*) = any_value(generations.n_generations) as is_common
    from cells
    inner join generations
        on
            cells.period = generations.period
            and cells.modality = generations.modality
            and cells.drl_quantity = generations.drl_quantity
    group by all

),

mixes as (

    select
        period,
        modality,
        drl_quantity,
        count(*) filter (where is_common) as n_cells,
        count(*) filter (where not is_common) as n_cells_left_out,
        coalesce(sum(n_examinations) filter (where is_common), 0) as n_common_examinations,
        sum(n_examinations) as n_mix_examinations
    from common
    group by all

),

weighted as (

    select
        cells.period,
        cells.modality,
        cells.drl_quantity,
        cells.generation,
        sum(
            common.n_examinations / mixes.n_common_examinations * cells.mean_typical_value
            order by cells.procedure_id, cells.patient_group_id
        ) as standardised_value,
        case
            when min(cells.n_devices) > 1
                then sqrt(
                    sum(
                        pow(common.n_examinations / mixes.n_common_examinations, 2)
                        * cells.variance / cells.n_devices
                        order by cells.procedure_id, cells.patient_group_id
                    )
                )
        end as standard_error
    from cells
    inner join common
        on
            cells.period = common.period
            and cells.modality = common.modality
            and cells.drl_quantity = common.drl_quantity
            and cells.procedure_id = common.procedure_id
            and cells.patient_group_id = common.patient_group_id
            and common.is_common
    inner join mixes
        on
            cells.period = mixes.period
            and cells.modality = mixes.modality
            and cells.drl_quantity = mixes.drl_quantity
    group by all

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
        weighted.standardised_value,
        case
            when weighted.standard_error is not null
                then greatest(
                    weighted.standardised_value - 1.959963984540054 * weighted.standard_error, 0
                )
        end as standardised_lower,
        weighted.standardised_value + 1.959963984540054 * weighted.standard_error
            as standardised_upper,
        weighted.standardised_value / nullif(nation.standardised_value, 0) as ratio_to_all,
        mixes.n_cells,
        mixes.n_cells_left_out,
        mixes.n_common_examinations / nullif(mixes.n_mix_examinations, 0) as share_of_mix,
        counted.n_devices,
        counted.n_facilities,
        counted.n_manufacturers,
        counted.largest_manufacturer_share,
        largest.largest_facility_share
    from counted
    inner join mixes
        on
            counted.period = mixes.period
            and counted.modality = mixes.modality
            and counted.drl_quantity = mixes.drl_quantity
    inner join largest
        on
            counted.period = largest.period
            and counted.modality = largest.modality
            and counted.drl_quantity = largest.drl_quantity
            and counted.generation = largest.generation
    left join weighted
        on
            counted.period = weighted.period
            and counted.modality = weighted.modality
            and counted.drl_quantity = weighted.drl_quantity
            and counted.generation = weighted.generation
    left join weighted as nation
        on
            counted.period = nation.period
            and counted.modality = nation.modality
            and counted.drl_quantity = nation.drl_quantity
            and nation.generation = 'all'

)

select * from final
