{#- What each field of an examination says, of the relations texts and readings: the concepts of all
    its names as one set. The names of a field are one, except for the protocols of a study. -#}
{% macro fields_read(texts, readings) -%}
    select
        texts.facility_id,
        texts.study_key,
        texts.modality,
        texts.field,
        list_position({{ name_fields() }}, texts.field) as place,
        list_sort(list_distinct(flatten(list(readings.concepts)))) as concepts,
        list_sort(list_distinct(flatten(list(readings.other_concepts)))) as other_concepts,
        list_sort(list_distinct(flatten(list(readings.unread_words)))) as unread_words,
        bool_or(readings.is_excluded) as is_excluded,
        bool_and(readings.is_default) as is_default
    from {{ texts }} as texts
    inner join {{ readings }} as readings
        on texts.modality = readings.modality and texts.examination_name = readings.examination_name
    group by texts.facility_id, texts.study_key, texts.modality, texts.field
{%- endmacro %}
