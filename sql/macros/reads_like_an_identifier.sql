{#- Whether a normalised text may name a person, judged by its form: six digits or more, a date, or
    a title or label followed by a word. Received texts have already passed the identity check
    (transforms/dicom/identity/free_text.py); in lower case without punctuation less can be
    recognised, so this test is broader and also drops some protocols. -#}
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
