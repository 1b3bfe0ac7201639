{{ config(schema='marts', contract={'enforced': true}) }}

{#- Rounds needed when groups are partitioned into groups that are partitioned themselves: one per
    level. -#}
{%- set rounds = 3 -%}
with

cells as (

    select * from {{ ref('int_disclosure_cells') }}

),

partitions as (

    select * from {{ ref('int_group_partitions') }}

),

profile as (

    select * from {{ ref('int_disclosure_profile') }}

),

-- Whether the number of examinations of a group is visible under any method.
margins_0 as (

    select
        period,
        procedure_id,
        drl_quantity,
        patient_group_id,
        bool_or(has_showable_examinations) as is_seen
    from cells
    group by all

),
{% for round in range(rounds) %}
    -- Suppress a group's number where all of its parts but one are visible, since the difference is
    -- the last part.
    telling_each_way_{{ round + 1 }} as (

        select
            margins.period,
            margins.procedure_id,
            margins.drl_quantity,
            partitions.parent_group_id
        from margins_{{ round }} as margins
        inner join partitions on margins.patient_group_id = partitions.part_group_id
        where margins.is_seen
        group by
            margins.period,
            margins.procedure_id,
            margins.drl_quantity,
            partitions.parent_group_id,
            partitions.partition_id,
            partitions.n_parts
        having count(*) = partitions.n_parts - 1

    ),

    telling_{{ round + 1 }} as (

        select distinct * from telling_each_way_{{ round + 1 }}

    ),

    margins_{{ round + 1 }} as (

        select
            margins.* exclude (is_seen),
            margins.is_seen and telling.parent_group_id is null as is_seen
        from margins_{{ round }} as margins
        left join telling_{{ round + 1 }} as telling
            on
                margins.period = telling.period
                and margins.procedure_id = telling.procedure_id
                and margins.drl_quantity = telling.drl_quantity
                and margins.patient_group_id = telling.parent_group_id

    ),
{% endfor %}
final as (

    select
        cells.method_id,
        cells.method_version,
        cells.period,
        cells.procedure_id,
        cells.patient_group_id,
        cells.drl_quantity,
        cells.procedure_label,
        cells.patient_group_label,
        cells.unit,
        profile.profile_id,
        cells.decision,
        cells.disclosure_rule,
        case when cells.decision = 'repeated' then cells.nearest_release end as repeated_release,
        cells.nearest_release,
        cells.n_changed,
        cells.n_facilities,
        cells.n_examinations,
        cells.largest_share,
        cells.two_largest_share,
        cells.minimum,
        cells.maximum,
        cells.has_showable_examinations
        and (margins.is_seen or not profile.secondary_suppression) as shows_examinations,
        case
            when cells.decision like 'suppressed%' or not cells.has_showable_examinations then null
            when not margins.is_seen and profile.secondary_suppression then 'secondary_suppression'
        end as examinations_rule
    from cells
    cross join profile
    inner join margins_{{ rounds }} as margins
        on
            cells.period = margins.period
            and cells.procedure_id = margins.procedure_id
            and cells.drl_quantity = margins.drl_quantity
            and cells.patient_group_id = margins.patient_group_id

)

select * from final
