{#- Accepted reports that are neither withdrawn nor replaced by a later decoding. A part is what one
    device did in one study, as one facility has sent it: it counts at one facility, or at none. -#}
with

dose_reports as not materialized (

    select * from {{ ref('stg_lake__dose_reports') }}

),

decoded_again as (

    select
        {{ arrival_of('submission_id') }} as arrival_id,
        object_sha256,
        max({{ attempt_number('submission_id') }}) as last_attempt
    from {{ ref('repeated_objects') }}
    group by all

),

-- Only the last attempt to decode an object counts, whatever its outcome.
earlier_attempts as (

    select
        arrival_id as submission_id,
        object_sha256
    from decoded_again

    union all

    select
        arrival_id || '.r' || unnest(generate_series(1, last_attempt - 1)) as submission_id,
        object_sha256
    from decoded_again

),

statements as (

    select * from {{ ref('stg_lake__statements') }}

),

withdrawn as (

    select
        statements.facility_id,
        statements.object_sha256
    from statements
    anti join statements as withdrawals
        on
            statements.facility_id = withdrawals.facility_id
            and statements.statement_id = withdrawals.withdrawn_statement_id
    where statements.statement in ('retracted', 'superseded')

),

final as (

    select
        dose_reports.facility_id,
        dose_reports.submission_id,
        dose_reports.object_sha256,
        dose_reports.report_key,
        dose_reports.study_key,
        dose_reports.modality,
        dose_reports.device_key,
        dose_reports.national_device_key,
        dose_reports.study_date,
        dose_reports.irradiation_started_at,
        hash(
            dose_reports.facility_id,
            dose_reports.study_key,
            dose_reports.modality,
            dose_reports.device_key
        ) as part_hash
    from dose_reports
    anti join withdrawn
        on
            dose_reports.facility_id = withdrawn.facility_id
            and dose_reports.object_sha256 = withdrawn.object_sha256
    anti join earlier_attempts
        on
            dose_reports.submission_id = earlier_attempts.submission_id
            and dose_reports.object_sha256 = earlier_attempts.object_sha256

)

select * from final
