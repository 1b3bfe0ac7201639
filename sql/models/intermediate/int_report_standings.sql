with

report_versions as (

    select * from {{ ref('int_report_versions') }}

),

study_fingerprints as (

    select * from {{ ref('int_study_fingerprints') }}

),

-- Which of them counts is decided by what they are, never by which came first.
ranked as (

    select
        facility_id,
        study_key,
        row_number() over (partition by facility_id, fingerprint order by study_key asc) > 1
            as is_again
    from study_fingerprints
    where not is_told_apart

),

final as (

    select
        report_versions.* replace (
            case
                when report_versions.exclusion_reason is not null
                    then report_versions.exclusion_reason
                when ranked.is_again then 'same_examination_again'
            end as exclusion_reason
        )
    from report_versions
    left join ranked
        on
            report_versions.facility_id = ranked.facility_id
            and report_versions.study_key = ranked.study_key

)

select * from final
