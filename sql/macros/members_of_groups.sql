{#- Patient groups of each combination of groups (`patient_group_ids`) that occurs in a relation. -#}
{% macro members_of_groups(relation) -%}
    select distinct
        patient_group_ids,
        unnest(string_split(patient_group_ids, ';')) as patient_group_id
    from {{ relation }}
{%- endmacro %}
