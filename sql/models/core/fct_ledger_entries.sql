{{ config(materialized='view') }}

with

entries as (

    select * from {{ ref('int_object_ledger') }}

    union all

    select * from {{ ref('int_event_ledger') }}

),

study_days as (

    select * from {{ ref('int_study_days') }}

),

-- Sums of doses are taken in a fixed order: floating-point sums in any order differ in the last
-- bits. Whole numbers have the same sum in every order, and need not be kept to be sorted.
final as (

    select
        entries.facility_id,
        study_days.study_date,
        entries.counted,
        entries.side,
        entries.reason_code,
        coalesce(
            sum(cast(entries.amount as double) order by entries.amount)
            filter (where entries.counted = 'dlp_mgy_cm'),
            sum(cast(entries.amount as double))
        ) as amount
    from entries
    left join study_days
        on
            entries.facility_id = study_days.facility_id
            and entries.study_key = study_days.study_key
    group by all

)

select * from final
