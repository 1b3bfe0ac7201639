{#- Whether a value is outside the limits of the age; false for an unknown value. -#}
{% macro is_impossible(value, measure) -%}
    coalesce(
        {{ value }} < bounds.{{ measure }}_lower or {{ value }} > bounds.{{ measure }}_upper, false
    )
{%- endmacro %}


{#- The reports of examinations without a weight that cannot be true: no person of the age has it,
    or has the height stated with it, or has both together. Weight, height and age cannot all be
    right then, and nothing says which is wrong. Limits are looked up once for each age; those of an
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
        ) as is_weight_impossible
    from {{ reports }} as reports
    left join bounds on reports.patient_age_days is not distinct from bounds.patient_age_days

)

select * replace (
    case when not is_weight_impossible then patient_weight_kg end as patient_weight_kg
)
from judged
{%- endmacro %}
