{#- The submissions that have passed validation, accepted or held, as a relation of submission_id. A
    submission that is not validated yet waits for the next build. What was decoded again counts
    only beside the arrival that it belongs to. -#}
{% macro validated_submissions() -%}
with

outcome_files as (

    select file from glob('{{ outcome_files("validate") }}')

),

-- The file that stands in every zone so that none is empty belongs to no submission.
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
