{% set mix = ['period', 'modality', 'drl_quantity'] %}
with

typical_values as (

    select * from {{ ref('int_device_typical_values') }}

),

-- The whole nation is treated as one more generation, with which the others are compared.
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
        cast(sum({{ exact_decimal('typical_value') }}) as double) / count(typical_value)
            as mean_typical_value,
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

-- A cell is used where every generation has it; its weight is the nation's number of examinations.
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
        on {{ is_same_key('cells', 'generations', mix) }}
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
        on {{ is_same_key('cells', 'mixes', mix) }}
    group by all

),

generations_of_cells as (

    select distinct
        period,
        modality,
        drl_quantity,
        generation
    from cells

),

final as (

    select
        generations_of_cells.*,
        mixes.n_cells,
        mixes.n_cells_left_out,
        mixes.n_common_examinations / nullif(mixes.n_mix_examinations, 0) as share_of_mix,
        weighted.standardised_value,
        weighted.standard_error
    from generations_of_cells
    inner join mixes
        on {{ is_same_key('generations_of_cells', 'mixes', mix) }}
    left join weighted
        on {{ is_same_key('generations_of_cells', 'weighted', mix + ['generation']) }}

)

select * from final
