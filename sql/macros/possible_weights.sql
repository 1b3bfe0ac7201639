{#- Whether no person of this age has this value; false for an unknown value, and for an unknown age
    where a person of any age has it. `limits` are the rows of body_limits of one measure. -#}
{% macro is_impossible(value, age, limits) -%}
    coalesce(
        {{ value }} is not null
        and len(list_filter({{ limits }}, lambda one:
            coalesce({{ age }} >= one.age_lower_days, true)
            and coalesce({{ age }} < one.age_upper_days, true)
            and {{ value }} between one.lower and one.upper
        )) = 0,
        false
    )
{%- endmacro %}


{#- The reports of examinations without a weight that cannot be true: no person of the age has it,
    or has the height stated with it, or has both together. Weight, height and age cannot all be
    right then, and nothing says which is wrong. -#}
{% macro reports_with_possible_weights(reports, body_limits) -%}
with

limits as (

    select
        {% for measure in ['weight', 'height', 'body_mass_index'] %}
            list({
                'age_lower_days': age_lower_days,
                'age_upper_days': age_upper_days,
                'lower': lower,
                'upper': upper
            }) filter (where measure = '{{ measure }}') as {{ measure }}_limits
            {{- ',' if not loop.last }}
        {% endfor %}
    from {{ body_limits }}

),

judged as (

    select
        reports.*,
        {{ is_impossible('patient_weight_kg', 'patient_age_days', 'weight_limits') }}
        or (
            patient_weight_kg is not null
            and (
                {{ is_impossible('patient_height_cm', 'patient_age_days', 'height_limits') }}
                or {{ is_impossible(
                    '(10000 * patient_weight_kg / pow(patient_height_cm, 2))',
                    'patient_age_days',
                    'body_mass_index_limits'
                ) }}
            )
        ) as is_weight_impossible
    from {{ reports }} as reports
    cross join limits

)

select * replace (
    case when not is_weight_impossible then patient_weight_kg end as patient_weight_kg
)
from judged
{%- endmacro %}
