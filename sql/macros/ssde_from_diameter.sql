{#- SSDE of an event on the 32 cm body phantom, from CTDIvol and the water-equivalent diameter, with
    the conversion factor of ACR DIR (nrdrsupport.acr.org 11000041531; diameter in cm). NULL where
    the diameter is unknown or the event refers to the head phantom, for which no fit was found. -#}
{% macro ssde_from_diameter() -%}
    case
        when ctdiw_phantom = 'body_32cm'
            then
                mean_ctdivol_mgy
                * 3.704369 * exp(-0.03671937 * water_equivalent_diameter_mm / 10)
    end
{%- endmacro %}
