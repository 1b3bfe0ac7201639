with

reports as (

    select * from {{ ref('int_reports_accepted') }}

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
        *,
        min(stated) over versions <> max(stated) over versions as is_in_conflict,
        row_number() over (
            partition by facility_id, report_key, withdrawal is null order by object_sha256 asc
        ) as version_number
    from joined
    window versions as (partition by facility_id, report_key, withdrawal is null)

),

final as (

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

)

select * from final
