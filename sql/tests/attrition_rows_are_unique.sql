-- One row per facility, thing counted, step and reason; the first and last steps have no reason.
with

attrition as (

    select * from {{ ref('attrition') }}

),

final as (

    select
        facility_id,
        counted,
        step_number,
        reason_code,
        count(*) as n_rows
    from attrition
    group by all
    having count(*) > 1

)

select * from final
