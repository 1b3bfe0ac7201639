{#- Examinations whose highest field that says something is contradicted by a lower one. A lower
    field contradicts a procedure, unless it means the same, a broader or narrower procedure, or
    names less: only what the higher field names too, or areas of its procedure; or unless both
    together mean the same: a calcium score before a coronary angiography. A maker's default
    protocol ("AbdRoutine") is used for many examinations and contradicts none.
    A lower field without a procedure of its own contradicts too, if it is excluded (radiotherapy) or
    if no row states what both together mean (perfusion beside chest). -#}
{% macro contradicted_examinations(highest, fields_decided, concept_procedures) -%}
    select distinct
        highest.facility_id,
        highest.study_key,
        highest.modality
    from {{ highest }} as highest
    inner join {{ fields_decided }} as lower_fields
        on
            {{ is_same_examination('highest', 'lower_fields') }}
            and highest.place < lower_fields.place
    left join {{ concept_procedures }} as together
        on
            highest.modality = together.modality
            and list_sort(list_distinct(highest.concepts || lower_fields.concepts))
            = together.concepts
    where
        (
            lower_fields.is_decided
            or lower_fields.is_excluded
            or (len(lower_fields.unread_words) = 0 and together.concepts is null)
        )
        and not coalesce(highest.procedure_id = together.procedure_id, false)
        and not (lower_fields.is_default and lower_fields.field = 'acquisition_protocol')
        and highest.procedure_id is distinct from lower_fields.procedure_id
        and highest.procedure_id is distinct from lower_fields.broader_id
        and not coalesce(highest.broader_id = lower_fields.procedure_id, false)
        and not list_has_all(highest.concepts || highest.areas, lower_fields.concepts)
        and not list_has_all(
            highest.areas, string_split(array_to_string(lower_fields.concepts, '_'), '_')
        )
{%- endmacro %}
