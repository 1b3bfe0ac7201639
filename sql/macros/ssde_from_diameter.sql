{#- SSDE of an event from CTDIvol and the water-equivalent diameter D (cm): CTDIvol times a *
    exp(-b * D), the fit of AAPM Report 204 to its tables, for the 32 cm phantom (a = 3.704369, b =
    0.03671937, also ACR DIR, nrdrsupport.acr.org 11000041531) and for the 16 cm phantom (a =
    1.874799, b = 0.03871313). AAPM Reports 220 and 293 apply it to the water-equivalent diameter
    of the trunk and of the head. NULL where the diameter or the phantom is unknown, or the
    diameter lies outside the tables. -#}
{% macro ssde_from_diameter() -%}
    case
        when {{ is_diameter_outside_tables() }} then null
        when ctdiw_phantom = 'body_32cm'
            then
                mean_ctdivol_mgy
                * 3.704369 * exp(-0.03671937 * water_equivalent_diameter_mm / 10)
        when ctdiw_phantom = 'head_16cm'
            then
                mean_ctdivol_mgy
                * 1.874799 * exp(-0.03871313 * water_equivalent_diameter_mm / 10)
    end
{%- endmacro %}


{#- Whether the water-equivalent diameter lies outside the tables of AAPM Report 204 for the
    phantom: 8 to 45 cm on the body phantom, 6 to 55 cm on the head phantom. False where it is
    unknown. -#}
{% macro is_diameter_outside_tables() -%}
    coalesce(
        case ctdiw_phantom
            when 'body_32cm' then water_equivalent_diameter_mm not between 80 and 450
            when 'head_16cm' then water_equivalent_diameter_mm not between 60 and 550
        end,
        false
    )
{%- endmacro %}
