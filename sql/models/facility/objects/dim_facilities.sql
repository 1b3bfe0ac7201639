{{ config(schema='core') }}

with

submissions as (

    select * from {{ ref('stg_lake__submissions') }}

),

final_outcomes as (

    select * from {{ ref('object_outcomes') }}

),

studied as (

    select
        facility_id,
        min(first_study_date) as first_study_date,
        max(last_study_date) as last_study_date
    from submissions
    group by facility_id

),

received as (

    select
        facility_id,
        count(distinct submission_id) as n_submissions,
        count(*) as n_received
    from final_outcomes
    group by facility_id

),

final as (

    select
        received.facility_id,
        received.n_submissions,
        received.n_received,
        studied.first_study_date,
        studied.last_study_date
    from received
    left join studied on received.facility_id = studied.facility_id

)

select * from final
