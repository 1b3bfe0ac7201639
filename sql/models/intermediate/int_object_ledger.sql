{{ config(materialized='view') }}

with

object_outcomes as (

    select * from {{ ref('stg_lake__object_outcomes') }}

),

object_ends as not materialized (

    select * from {{ ref('int_object_ends') }}

),

reports as not materialized (

    select * from {{ ref('int_reports_accepted') }}

),

report_standings as (

    select * from {{ ref('int_report_standings') }}

),

standing_reports as (

    select * from {{ ref('int_standing_dose_reports') }}

),

-- An object is of the study that it reports; a refused one is of none. Decoding again is no
-- second arrival.
entries as (

    select
        object_outcomes.facility_id,
        reports.study_key,
        'object' as counted,
        'arrived' as side,
        cast(null as varchar) as reason_code
    from object_outcomes
    left join reports
        on
            object_outcomes.facility_id = reports.facility_id
            and object_outcomes.object_sha256 = reports.object_sha256
    where
        object_outcomes.stage = 'receive'
        and {{ attempt_number('object_outcomes.submission_id') }} = 0

    union all

    select
        object_ends.facility_id,
        reports.study_key,
        'object' as counted,
        'lost' as side,
        object_ends.reason_code
    from object_ends
    left join reports
        on
            object_ends.facility_id = reports.facility_id
            and object_ends.object_sha256 = reports.object_sha256
    where object_ends.outcome in ('duplicate', 'quarantined')

    union all

    select
        facility_id,
        study_key,
        unnest(['object', 'report']) as counted,
        unnest(['used', 'arrived']) as side,
        cast(null as varchar) as reason_code
    from reports

    union all

    select
        facility_id,
        study_key,
        'report' as counted,
        'lost' as side,
        exclusion_reason as reason_code
    from report_standings
    where exclusion_reason is not null

    union all

    select
        facility_id,
        study_key,
        'report' as counted,
        'used' as side,
        cast(null as varchar) as reason_code
    from standing_reports

),

final as (

    select
        *,
        1 as amount
    from entries

)

select * from final
