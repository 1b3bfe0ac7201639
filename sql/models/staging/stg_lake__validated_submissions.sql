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

),

-- What was decoded again counts only beside the arrival it belongs to.
final as (

    select named.submission_id
    from named
    semi join named as arrivals on named.arrival_id = arrivals.submission_id

)

select * from final
