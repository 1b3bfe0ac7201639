{#- Objects that are decoded again after a rule has changed have a submission of their own, called
    `<facility>.<digest>.r<N>`; this is the submission that they arrived in. -#}
{% macro arrival_of(submission_id) -%}
    regexp_replace({{ submission_id }}, '\.r[0-9]+$', '')
{%- endmacro %}


{#- How often its objects had been decoded before: 0 for the submission they arrived in. -#}
{% macro attempt_number(submission_id) -%}
    coalesce(try_cast(regexp_extract({{ submission_id }}, '\.r([0-9]+)$', 1) as integer), 0)
{%- endmacro %}
