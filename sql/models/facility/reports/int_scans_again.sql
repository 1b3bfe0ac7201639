with

accepted as not materialized (

    select * from {{ ref('int_reports_accepted') }}

),

versions_excluded as (

    select * from {{ ref('int_versions_excluded') }}

),

told_apart as (

    select * from {{ ref('int_statements_in_force') }}
    where statement = 'confirmed_other'

),

reports as not materialized (

    select
        accepted.*,
        hash(accepted.facility_id, accepted.study_key) as study_hash
    from accepted
    anti join versions_excluded
        on
            accepted.submission_id = versions_excluded.submission_id
            and accepted.object_sha256 = versions_excluded.object_sha256
    anti join told_apart
        on
            accepted.facility_id = told_apart.facility_id
            and accepted.object_sha256 = told_apart.object_sha256

),

repeated as (

    {{ repeated_hashes('reports', 'study_hash') }}

),

-- Most studies have one report, which repeats no other.
of_shared_studies as (

    select reports.*
    from reports
    semi join repeated on reports.study_hash = repeated.key_hash

),

scans as (

    {{ scans_of_reports(
        'of_shared_studies',
        ref('stg_lake__ct_irradiation_events'),
        ref('stg_lake__xray_irradiation_events'),
        ref('stg_lake__radiopharmaceutical_administrations'),
    ) }}

),

-- Only a study in which two UIDs stand for equal scans can have a report that repeats another.
studies_with_equal_scans as (

    select
        facility_id,
        study_key
    from scans
    group by facility_id, study_key, scan, number_of_equal
    having min(event_key) <> max(event_key)

),

compared as (

    select
        scans.*,
        count(*) over of_report as n_scans,
        bool_or(scans.is_with_dose) over of_report as has_dose,
        bool_and(scans.is_timed) over of_report as are_all_timed
    from scans
    semi join studies_with_equal_scans
        on
            scans.facility_id = studies_with_equal_scans.facility_id
            and scans.study_key = studies_with_equal_scans.study_key
    window of_report as (partition by scans.submission_id, scans.object_sha256)

),

-- Each scan of one report with the equal scan of another.
pairs as (

    select
        one.submission_id,
        one.object_sha256,
        bool_or(one.event_key = other.event_key) as is_of_equal_uid
    from compared as one
    inner join compared as other
        on
            one.facility_id = other.facility_id
            and one.study_key = other.study_key
            and one.scan = other.scan
            and one.number_of_equal = other.number_of_equal
            and one.report_key <> other.report_key
    where
        one.has_dose
        and (one.n_scans, other.report_key) < (other.n_scans, one.report_key)
        and (one.are_all_timed or {{ is_of_the_same_time('one', 'other') }})
    group by
        one.submission_id, one.object_sha256, one.n_scans, other.submission_id, other.object_sha256
    having count(*) = one.n_scans and not is_of_equal_uid

),

final as (

    select
        reports.facility_id,
        reports.submission_id,
        reports.object_sha256,
        reports.report_key,
        reports.study_key
    from reports
    semi join pairs
        on
            reports.submission_id = pairs.submission_id
            and reports.object_sha256 = pairs.object_sha256
)

select * from final
