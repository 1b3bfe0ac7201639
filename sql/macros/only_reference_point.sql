{#- The reference point of several rows, NULL where none states one; `several` where they differ.
    -#}
{% macro only_reference_point() -%}
    case
        when min(reference_point_definition) = max(reference_point_definition)
            then max(reference_point_definition)
        when max(reference_point_definition) is not null then 'several'
    end
{%- endmacro %}


{#- The reference point of seed reference_points that each text of a relation names. Each distinct
    text is compared once. -#}
{% macro named_reference_points(relation, reference_points) -%}
    select
        texts.reference_point_definition,
        min(points.reference_point_id) as reference_point_id
    from (
        select distinct reference_point_definition from {{ relation }}
    ) as texts
    inner join {{ reference_points }} as points
        on regexp_matches(
            {{ normalised_text('texts.reference_point_definition') }}, points.pattern
        )
    group by texts.reference_point_definition
{%- endmacro %}
