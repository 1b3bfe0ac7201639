{#- Patient group by water-equivalent diameter (seed patient_groups, size_basis
    water_equivalent_diameter), without regard to age and region: 4 cm wide, lower limit inclusive.
    Written out to avoid joining millions of events with the seed; a test compares the limits. -#}
{% macro size_class(diameter_mm) -%}
    case
        when {{ diameter_mm }} < 40 or {{ diameter_mm }} >= 700 then 'unknown'
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
