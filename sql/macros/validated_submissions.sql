{#- Submissions that have passed validation, accepted or held, as a relation of submission_id. A
    submission that is not validated yet is left for the next build. A repeated decoding is included
    only together with the submission that its objects arrived in. -#}
{% macro validated_submissions() -%}
with

outcome_files as (

    select file from {{ outcome_files() }}

),

-- The placeholder file that keeps each zone from being empty belongs to no submission.
named as (

    select
        parse_filename(file, true) as submission_id,
        {{ arrival_of('parse_filename(file, true)') }} as arrival_id
    from outcome_files
    where parse_filename(file, true) <> '_empty'

)

select named.submission_id
from named
semi join named as arrivals on named.arrival_id = arrivals.submission_id
{%- endmacro %}
