with

outcome_files as (

    select file from glob('{{ outcome_files("validate") }}')

),

-- The file that stands in every zone so that none is empty belongs to no submission.
final as (

    select parse_filename(file, true) as submission_id
    from outcome_files
    where parse_filename(file, true) <> '_empty'

)

select * from final
