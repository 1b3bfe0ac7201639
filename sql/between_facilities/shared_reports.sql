{#- Reports of examinations that several facilities have sent, with the decision for each. -#}
with

reports as not materialized (

    select * from {{ ref('compared_reports') }}

),

decided_parts as (

    select * from {{ ref('decided_parts') }}

),

parted_examinations as (

    select * from {{ ref('parted_examinations') }}

),

final as (

    select
        reports.facility_id,
        reports.submission_id,
        reports.object_sha256,
        reports.device_key,
        reports.national_device_key,
        reports.study_date,
        decided_parts.other_facilities,
        decided_parts.n_reports_of_device,
        decided_parts.is_declared as is_device_declared,
        case when decided_parts.is_decided then decided_parts.decided_by else 'undecided' end
            as decided_by,
        case
            when decided_parts.is_decided
                then coalesce(decided_parts.counted_elsewhere, reports.facility_id)
        end as counted_at,
        case
            when parted_examinations.part_hash is not null then 'parted_between_facilities'
            when not decided_parts.is_decided then 'claimed_by_two_facilities'
            when decided_parts.counted_elsewhere is not null then 'counted_at_another_facility'
        end as shared_exclusion
    from reports
    inner join decided_parts on reports.part_hash = decided_parts.part_hash
    left join parted_examinations on reports.part_hash = parted_examinations.part_hash

)

select * from final
order by
    facility_id,
    submission_id,
    object_sha256
