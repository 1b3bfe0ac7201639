-- Per facility, study day and thing counted: arrived = lost (with reason) + used. Objects without a
-- study have no day.
{{ config(tags=['ledger']) }}

with

ledger_entries as (

    select * from {{ ref('fct_ledger_entries') }}

),

balance as (

    select
        facility_id,
        study_date,
        counted,
        coalesce(sum(amount) filter (where side = 'arrived'), 0) as arrived,
        coalesce(sum(amount) filter (where side = 'lost'), 0) as lost,
        coalesce(sum(amount) filter (where side = 'used'), 0) as used
    from ledger_entries
    group by facility_id, study_date, counted

),

-- Sums of the same numbers in a different order differ in the last digits.
final as (

    select *
    from balance
    where abs(arrived - lost - used) > 1e-9 * arrived

)

select * from final
