{#- Selects between the statistics that a facility gives twice: computed from its dose reports
    (source rdsr) and stated in its form (source summary).

    Dose reports count where they are sufficient, otherwise the statistic of more examinations.
    Statistics of devices compete where the form says which device it covers. The other units of the
    form may be any of the other devices with reports, so one side counts as a whole: the one with
    more sufficient units, else the reports; where neither has one, that of more examinations. `cell`
    are the columns of one facility's statistics of one quantity by one method. -#}
{% macro preferred_statistics(candidates, cell) -%}
with

slotted as (

    select
        *,
        unit_of_analysis = 'device' and source = 'summary' and covered_device_key is null
            as is_unnamed,
        case
            when unit_of_analysis <> 'device' then unit_of_analysis
            when source = 'rdsr' then device_key
            else coalesce(covered_device_key, 'unit ' || device_key)
        end as unit_slot
    from {{ candidates }}

),

compared as (

    select
        *,
        unit_of_analysis = 'device'
        and source = 'rdsr'
        and count(*) filter (where source = 'summary') over slots = 0 as is_open,
        row_number() over (
            slots
            order by
                (source = 'rdsr' and is_sufficient) desc,
                n_examinations desc,
                source asc
        ) as place
    from slotted
    window slots as (partition by {{ cell | join(', ') }}, unit_slot)

),

sizes as (

    select
        *,
        count(*) filter (where is_open and is_sufficient) over cells as n_open,
        count(*) filter (where is_unnamed and is_sufficient) over cells as n_unnamed,
        coalesce(sum(n_examinations) filter (where is_open) over cells, 0) as n_in_open,
        coalesce(sum(n_examinations) filter (where is_unnamed) over cells, 0) as n_in_unnamed
    from compared
    window cells as (partition by {{ cell | join(', ') }})

),

judged as (

    select
        *,
        case
            when n_unnamed = 0 and n_open = 0 then n_in_unnamed > n_in_open
            else n_unnamed > n_open
        end as is_form_preferred
    from sizes

)

select
    * exclude (
        is_unnamed, unit_slot, is_open, place, n_open, n_unnamed, n_in_open, n_in_unnamed,
        is_form_preferred
    )
from judged
where
    place = 1
    and not (is_unnamed and not is_form_preferred)
    and not (is_open and is_form_preferred)
{%- endmacro %}
