{#- Patient group of the water-equivalent diameter (seed patient_groups, size_basis
    water_equivalent_diameter), whatever the age and region: 4 cm wide, the lower limit belongs to
    it. A test compares the limits with the seed's, which millions of events are not joined with. -#}
{% macro size_class(diameter_mm) -%}
    case
        when {{ diameter_mm }} < 200 then 'dw_lt200mm'
        when {{ diameter_mm }} < 400
            then concat(
                'dw_',
                cast(floor({{ diameter_mm }} / 40) * 40 as integer),
                '_',
                cast(floor({{ diameter_mm }} / 40) * 40 + 40 as integer),
                'mm'
            )
        when {{ diameter_mm }} >= 400 then 'dw_ge400mm'
        else 'unknown'
    end
{%- endmacro %}
