{#- Whether a text in compared form may name a person, by its form: six digits or more, a date, a
    title or a label before something. What comes in has passed the identity check already
    (transforms/dicom/identity/free_text.py); in lower case and without signs less can be told, so
    this is broader, and loses some protocols. -#}
{% macro reads_like_an_identifier(text) -%}
    regexp_matches(
        {{ text }},
        '\d{6,}'
        || '|\b(0?[1-9]|[12]\d|3[01]) (0?[1-9]|1[0-2]) (19|20)?\d\d\b'
        || '|\b(19|20)\d\d (0?[1-9]|1[0-2]) (0?[1-9]|[12]\d|3[01])\b'
        || '|\b(dr|prof|mrs|mr|ms|miss|herr|frau|mme|mlle|sra|sig|signora|fru) \pL'
        || '|\b(patient|physician|doctor|operator|nurse|surname|name|referrer|referred by) \pL'
        || '|\b(mrn|pid|dob|born|geb|geboren|tel|phone|mobile|fax|pat id|pat nr|pat no) [\pL\d]'
    )
{%- endmacro %}
