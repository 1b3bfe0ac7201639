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

joined as (

    select
        reports.*,
        withdrawn.withdrawal
    from reports
    left join withdrawn
        on
            reports.facility_id = withdrawn.facility_id
            and reports.object_sha256 = withdrawn.object_sha256

),

-- Versions of one report: the order of arrival must not choose between them.
compared as (

    select
        joined.submission_id,
        joined.object_sha256,
        min(report_contents.stated) over versions
        <> max(report_contents.stated) over versions as is_in_conflict,
        row_number() over (
            partition by joined.facility_id, joined.report_key, joined.withdrawal is null
            order by joined.object_sha256 asc
        ) as version_number
    from joined
    inner join report_contents
        on
            joined.submission_id = report_contents.submission_id
            and joined.object_sha256 = report_contents.object_sha256
    window versions as (
        partition by joined.facility_id, joined.report_key, joined.withdrawal is null
    )

),

-- A report of which there is no other version is not compared.
final as (

    select
        joined.facility_id,
        joined.submission_id,
        joined.object_sha256,
        joined.report_key,
        joined.study_key,
        case
            when joined.withdrawal is not null then joined.withdrawal
            when compared.is_in_conflict then 'instance_conflict'
            when compared.version_number > 1 then 'duplicate_content'
        end as exclusion_reason
    from joined
    left join compared
        on
            joined.submission_id = compared.submission_id
            and joined.object_sha256 = compared.object_sha256

)

select * from final
