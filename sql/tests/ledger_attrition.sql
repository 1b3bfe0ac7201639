-- Per facility and thing counted: first step = losses + last step.
{{ config(tags=['ledger']) }}

with

attrition as (

    select * from {{ ref('attrition') }}

),

ends as (

    select
        facility_id,
        counted,
        first(n order by step_number) filter (where reason_code is null) as n_first,
        last(n order by step_number) filter (where reason_code is null) as n_last,
        coalesce(sum(n) filter (where reason_code is not null), 0) as n_lost,
        count(*) filter (where reason_code is null) as n_through_rows
    from attrition
    group by facility_id, counted

),

final as (

    select *
    from ends
    where n_first <> n_lost + n_last or n_through_rows <> 2

)

select * from final
