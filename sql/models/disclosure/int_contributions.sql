with

facility_typical_values as (

    select
        * replace (
            value_in_levels as typical_value,
            n_examinations_in_levels as n_examinations
        )
    from {{ ref('facility_typical_values') }}
    where is_in_levels and facility_id is not null

),

pooled_contributions as (

    select * from {{ ref('int_pooled_contributions') }}

),

methods as (

    select * from {{ ref('methods') }}

),

of_units as (

    select
        facility_typical_values.method_id,
        facility_typical_values.method_version,
        facility_typical_values.period,
        facility_typical_values.procedure_id,
        facility_typical_values.patient_group_id,
        facility_typical_values.drl_quantity,
        facility_typical_values.facility_id,
        cast(sum(facility_typical_values.n_examinations) as bigint) as n_examinations,
        cast(
            sum(
                case methods.weighting
                    when 'volume' then facility_typical_values.n_examinations else 1
                end
            ) as bigint
        ) as weight,
        list_sort(list(facility_typical_values.typical_value)) as typical_values
    from facility_typical_values
    inner join methods
        on
            facility_typical_values.method_id = methods.method_id
            and facility_typical_values.method_version = methods.method_version
    group by all

),

of_pools as (

    select
        method_id,
        method_version,
        period,
        procedure_id,
        patient_group_id,
        drl_quantity,
        facility_id,
        n_examinations,
        n_examinations as weight,
        [p50] as typical_values
    from pooled_contributions

),

final as (

    select * from of_units
    union all
    select * from of_pools

)

select * from final
