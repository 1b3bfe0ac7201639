{#- The reference point of several rows, NULL where none states one; `several` where they differ. -#}
{% macro only_reference_point() -%}
    case
        when min(reference_point_definition) = max(reference_point_definition)
            then max(reference_point_definition)
        when max(reference_point_definition) is not null then 'several'
    end
{%- endmacro %}
