{{ config(schema='marts', contract={'enforced': true}) }}

with

declared_deliverables as (

    select * from {{ ref('stg_lake__declared_deliverables') }}

),

commitments as (

    select * from {{ ref('commitments') }}

),

-- Days after the due date, negative where delivered early; for an open deliverable, by its last
-- status.
final as (

    select
        declared_deliverables.commitment_number,
        declared_deliverables.wording_version,
        commitments.wording,
        declared_deliverables.deliverable_id,
        declared_deliverables.deliverable,
        declared_deliverables.due_on,
        declared_deliverables.status,
        declared_deliverables.status_on,
        declared_deliverables.delivered_on,
        cast(
            case
                when declared_deliverables.status = 'achieved'
                    then declared_deliverables.delivered_on - declared_deliverables.due_on
                when declared_deliverables.status in ('ongoing', 'delayed')
                    then greatest(
                        declared_deliverables.status_on - declared_deliverables.due_on, 0
                    )
            end as bigint
        ) as n_days_late,
        declared_deliverables.comment,
        declared_deliverables.evidence_uri
    from declared_deliverables
    left join commitments
        on
            declared_deliverables.commitment_number = commitments.commitment_number
            and declared_deliverables.wording_version = commitments.wording_version

)

select * from final
