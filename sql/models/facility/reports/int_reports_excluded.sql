with

accepted as (

    select * from {{ ref('int_reports_accepted') }}

),

versions_excluded as (

    select * from {{ ref('int_versions_excluded') }}

),

scans_again as (

    select * from {{ ref('int_scans_again') }}

),

study_fingerprints as (

    select * from {{ ref('int_study_fingerprints') }}

),

shared_reports as (

    select * from {{ ref('stg_lake__shared_reports') }}
    where shared_exclusion is not null

),

-- An object that another facility has sent too, or another part of the same examination.
counted_elsewhere as (

    select
        accepted.facility_id,
        accepted.submission_id,
        accepted.object_sha256,
        accepted.report_key,
        accepted.study_key,
        shared_reports.shared_exclusion as exclusion_reason
    from accepted
    inner join shared_reports
        on
            accepted.submission_id = shared_reports.submission_id
            and accepted.object_sha256 = shared_reports.object_sha256
    anti join versions_excluded
        on
            accepted.submission_id = versions_excluded.submission_id
            and accepted.object_sha256 = versions_excluded.object_sha256

),

-- Which of them is counted depends on their content, never on the order of arrival. Of equal
-- studies none is counted if one of them is another facility's.
ranked as (

    select
        facility_id,
        study_key,
        row_number() over (
            partition by facility_id, fingerprint
            order by
                (facility_id, study_key) in (
                    select (counted_elsewhere.facility_id, counted_elsewhere.study_key)
                    from counted_elsewhere
                ) desc,
                study_key asc
        ) > 1 as is_again
    from study_fingerprints
    where not is_told_apart

),

studies_again as (

    select
        facility_id,
        study_key
    from ranked
    where is_again

),

-- Every reason of a report, in the order in which they apply.
reasons as (

    select
        *,
        1 as place
    from versions_excluded

    union all

    select
        *,
        2 as place
    from counted_elsewhere

    union all

    select
        *,
        'same_examination_again' as exclusion_reason,
        3 as place
    from scans_again

    union all

    select
        accepted.facility_id,
        accepted.submission_id,
        accepted.object_sha256,
        accepted.report_key,
        accepted.study_key,
        'same_examination_again' as exclusion_reason,
        4 as place
    from accepted
    semi join studies_again
        on
            accepted.facility_id = studies_again.facility_id
            and accepted.study_key = studies_again.study_key

),

-- A report has the first of its reasons.
final as (

    select * exclude (place)
    from reasons
    qualify row_number() over (partition by submission_id, object_sha256 order by place) = 1

)

select * from final
