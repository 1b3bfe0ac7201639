{#- One row with the limits of all patient groups as unordered lists, by measure (age, weight,
    size). Values between two neighbouring limits belong to the same groups, so that a few thousand
    combinations represent all patients (macro limit_reached). Minus infinity represents values
    below all limits, which are known values too. -#}
{% macro group_limits(patient_groups) -%}
with

group_limits as (

    select
        size_basis,
        cast(unnest([age_lower_days, age_upper_days]) as double) as age_days,
        cast(unnest([weight_lower_kg, weight_upper_kg]) as double) as weight_kg,
        cast(unnest([size_lower_mm, size_upper_mm]) as double) as size_mm
    from {{ patient_groups }}

    union all

    select
        unnest([null, 'water_equivalent_diameter', 'compressed_breast_thickness']) as size_basis,
        cast('-infinity' as double) as age_days,
        cast('-infinity' as double) as weight_kg,
        cast('-infinity' as double) as size_mm

)

select
    list(distinct age_days) as ages_days,
    list(distinct weight_kg) as weights_kg,
    list(distinct size_mm) filter (where size_basis = 'water_equivalent_diameter')
        as diameters_mm,
    list(distinct size_mm) filter (where size_basis = 'compressed_breast_thickness')
        as thicknesses_mm
from group_limits
{%- endmacro %}
