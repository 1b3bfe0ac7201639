with

reports as (

    select * from {{ ref('int_reports_accepted') }}

),

report_contents as (

    select * from {{ ref('int_report_contents') }}

),

statements as (

    select * from {{ ref('int_statements_in_force') }}

),

withdrawn as (

    select
        facility_id,
        object_sha256,
        case when bool_or(statement = 'retracted') then 'retracted' else 'superseded' end
            as withdrawal
    from statements
    where statement in ('retracted', 'superseded')
    group by facility_id, object_sha256

),

-- A report that nobody withdraws and of which there is no other version is not looked at.
looked_at as (

    select
        reports.facility_id,
        reports.submission_id,
        reports.object_sha256,
        reports.report_key,
        reports.study_key,
        withdrawn.withdrawal,
        report_contents.stated
    from reports
    left join withdrawn
        on
            reports.facility_id = withdrawn.facility_id
            and reports.object_sha256 = withdrawn.object_sha256
    left join report_contents
        on
            reports.submission_id = report_contents.submission_id
            and reports.object_sha256 = report_contents.object_sha256
    where withdrawn.withdrawal is not null or report_contents.stated is not null

),

-- Versions of one report: the order of arrival must not choose between them.
compared as (

    select
        *,
        min(stated) over versions <> max(stated) over versions as is_in_conflict,
        row_number() over (
            partition by facility_id, report_key, withdrawal is null
            order by object_sha256 asc
        ) as version_number
    from looked_at
    window versions as (partition by facility_id, report_key, withdrawal is null)

),

reasoned as (

    select
        facility_id,
        submission_id,
        object_sha256,
        report_key,
        study_key,
        case
            when withdrawal is not null then withdrawal
            when is_in_conflict then 'instance_conflict'
            when version_number > 1 then 'duplicate_content'
        end as exclusion_reason
    from compared

),

final as (

    select *
    from reasoned
    where exclusion_reason is not null

)

select * from final
