{{ config(materialized='view') }}

with

object_outcomes as (

    select * from {{ ref('stg_lake__object_outcomes') }}

),

attempts as (

    select * from {{ ref('int_decode_attempts') }}

),

final_outcomes as (

    select * from {{ ref('object_outcomes') }}

),

accepted as (

    select * from {{ ref('int_reports_accepted') }}

),

reports_excluded as (

    select * from {{ ref('int_reports_excluded') }}

),

standing_reports as (

    select * from {{ ref('int_counted_reports_dose_reports') }}

),

-- Three models read this: only the columns they need are kept, not whole reports with all keys.
reports as materialized (

    select
        facility_id,
        hash(object_sha256) as object_hash,
        {{ study_hash('study_key') }} as study_hash
    from accepted

),

-- Decoding an object again is not a second arrival.
arrived as (

    select
        object_outcomes.facility_id,
        hash(object_outcomes.object_sha256) as object_hash
    from object_outcomes
    semi join attempts
        on object_outcomes.submission_id = attempts.submission_id and attempts.attempt_number = 0
    where object_outcomes.stage = 'receive'

),

lost as (

    select
        facility_id,
        hash(object_sha256) as object_hash,
        reason_code
    from final_outcomes
    where outcome in ('duplicate', 'quarantined', 'held')

),

-- An object belongs to the study in its report; a refused object belongs to none.
final as (

    select
        arrived.facility_id,
        reports.study_hash,
        'object' as counted,
        'arrived' as side,
        cast(null as varchar) as reason_code
    from arrived
    left join reports
        on
            arrived.facility_id = reports.facility_id
            and arrived.object_hash = reports.object_hash

    union all

    select
        lost.facility_id,
        reports.study_hash,
        'object' as counted,
        'lost' as side,
        lost.reason_code
    from lost
    left join reports
        on
            lost.facility_id = reports.facility_id
            and lost.object_hash = reports.object_hash

    union all

    select
        facility_id,
        study_hash,
        unnest(['object', 'report']) as counted,
        unnest(['used', 'arrived']) as side,
        cast(null as varchar) as reason_code
    from reports

    union all

    select
        facility_id,
        {{ study_hash('study_key') }} as study_hash,
        'report' as counted,
        'lost' as side,
        exclusion_reason as reason_code
    from reports_excluded

    union all

    select
        facility_id,
        {{ study_hash('study_key') }} as study_hash,
        'report' as counted,
        'used' as side,
        cast(null as varchar) as reason_code
    from standing_reports

)

select * from final
