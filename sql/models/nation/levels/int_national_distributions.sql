with

facility_typical_values as (

    select
        * replace (
            value_in_levels as typical_value,
            n_examinations_in_levels as n_examinations
        )
    from {{ ref('facility_typical_values') }}
    where is_in_levels

),

methods as (

    select * from {{ ref('methods') }}

),

-- A unit occurs once, or once per examination where the method weights by volume.
weighted as (

    select
        facility_typical_values.*,
        methods.percentile,
        methods.achievable_percentile,
        methods.weighting,
        methods.quantile_definition,
        case methods.weighting
            when 'volume' then facility_typical_values.n_examinations else 1
        end as weight
    from facility_typical_values
    inner join methods
        on
            facility_typical_values.method_id = methods.method_id
            and facility_typical_values.method_version = methods.method_version
            and methods.unit_of_analysis <> 'examination'

),

placed as (

    select
        *,
        cast(
            sum(weight) over (
                partition by {{ national_key() }}
                order by typical_value asc, facility_id asc, device_key asc
                rows unbounded preceding
            ) as bigint
        ) as last_position
    from weighted

),

final as (

    select
        {{ national_key() }},
        any_value(procedure_label) as procedure_label,
        any_value(patient_group_label) as patient_group_label,
        any_value(unit) as unit,
        any_value(percentile) as percentile,
        any_value(achievable_percentile) as achievable_percentile,
        any_value(weighting) as weighting,
        any_value(quantile_definition) as quantile_definition,
        count(distinct facility_id) as n_facilities,
        count(*) as n_units,
        cast(sum(n_examinations) as bigint) as n_examinations,
        max(last_position) as n_positions,
        list(typical_value order by last_position) as typical_values,
        list(last_position order by last_position) as last_positions
    from placed
    group by {{ national_key() }}

)

select * from final
