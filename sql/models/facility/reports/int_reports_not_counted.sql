with

reports_excluded as (

    select * from {{ ref('int_reports_excluded') }}

),

reports_decoded_again as (

    select * from {{ ref('int_reports_decoded_again') }}

),

final as (

    select
        submission_id,
        object_sha256
    from reports_excluded

    union all

    select
        submission_id,
        object_sha256
    from reports_decoded_again

)

select * from final
