{#- Age from which a patient is an adult: 18 years of 365.25 days. Unit: d. -#}
{% macro adult_from_days() -%} 6574 {%- endmacro %}


{#- Whether a value is outside the limits of the age; false for an unknown value. -#}
{% macro is_impossible(value, measure) -%}
    coalesce(
        {{ value }} < bounds.{{ measure }}_lower or {{ value }} > bounds.{{ measure }}_upper, false
    )
{%- endmacro %}


{#- The reports of examinations without a weight that cannot be true: no person of the age has it,
    or has the height stated with it, or has both together. Weight, height and age cannot all be
    right then, and nothing says which is wrong. So neither is used where a child is said to have a
    weight that people of another age have: 50 years can be written as 50 months. The age of an
    adult is kept, since a default of the worklist is more usual there than a newborn. Limits are looked up once for each age; those of an
    unknown age are those of all ages. -#}
{% macro reports_with_possible_weights(reports, body_limits) -%}
with

ages as (

    select distinct patient_age_days
    from {{ reports }}

),

bounds as (

    select
        ages.patient_age_days,
        min(lower) filter (where measure = 'weight') as weight_lower,
        max(upper) filter (where measure = 'weight') as weight_upper,
        min(lower) filter (where measure = 'height') as height_lower,
        max(upper) filter (where measure = 'height') as height_upper,
        min(lower) filter (where measure = 'body_mass_index') as body_mass_index_lower,
        max(upper) filter (where measure = 'body_mass_index') as body_mass_index_upper
    from ages
    inner join {{ body_limits }} as limits
        on
            coalesce(ages.patient_age_days >= limits.age_lower_days, true)
            and coalesce(ages.patient_age_days < limits.age_upper_days, true)
    group by ages.patient_age_days

),

weights_of_all_ages as (

    select
        min(lower) as lower,
        max(upper) as upper
    from {{ body_limits }}
    where measure = 'weight'

),

judged as (

    select
        reports.*,
        reports.patient_weight_kg is not null
        and (
            {{ is_impossible('reports.patient_weight_kg', 'weight') }}
            or {{ is_impossible('reports.patient_height_cm', 'height') }}
            or {{ is_impossible(
                '(reports.patient_weight_kg / (reports.patient_height_cm * reports.patient_height_cm) * 10000)',
                'body_mass_index'
            ) }}
        ) as is_weight_impossible,
        coalesce(
            reports.patient_age_days < {{ adult_from_days() }}
            and {{ is_impossible('reports.patient_weight_kg', 'weight') }}
            and reports.patient_weight_kg between
            weights_of_all_ages.lower and weights_of_all_ages.upper,
            false
        ) as is_weight_of_another_age
    from {{ reports }} as reports
    cross join weights_of_all_ages
    left join bounds on reports.patient_age_days is not distinct from bounds.patient_age_days

)

select * exclude (is_weight_of_another_age) replace (
    case when not is_weight_impossible then patient_weight_kg end as patient_weight_kg,
    case when not is_weight_of_another_age then patient_age_days end as patient_age_days
)
from judged
{%- endmacro %}
