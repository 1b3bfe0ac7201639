{{ config(materialized='view') }}

with

national_drls as (

    select * from {{ ref('national_drls') }}

),

measures as (

    select * from {{ ref('int_disclosure_measures') }}

),

-- What the public form of the mart is made of: its numbers, with the extremes beside them.
final as (

    select
        national_drls.*,
        measures.minimum,
        measures.maximum,
        cast(null as varchar) as first_published_in
    from national_drls
    inner join measures
        on
            {{ is_same_statistic('national_drls', 'measures') }}
            and national_drls.period = measures.period

)

select * from final
