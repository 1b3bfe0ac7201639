{#- Submission in which the objects arrived. Objects that are decoded again after a change of rules
    get a submission of their own, named `<facility>.<digest>.r<N>`. -#}
{% macro arrival_of(submission_id) -%}
    regexp_replace({{ submission_id }}, '\.r[0-9]+$', '')
{%- endmacro %}


{#- Number of earlier attempts to decode the objects: 0 for the submission they arrived in. -#}
{% macro attempt_number(submission_id) -%}
    coalesce(try_cast(regexp_extract({{ submission_id }}, '\.r([0-9]+)$', 1) as integer), 0)
{%- endmacro %}
