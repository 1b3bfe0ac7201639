with

published as (

    select
        {{ disclosed_whole(
            restricted=ref('commitment_deliverables'),
            profile=ref('int_disclosure_profile'),
            key=['commitment_number', 'wording_version', 'deliverable_id'],
            partition=['commitment_number', 'wording_version', 'deliverable_id'],
            needs=[],
            columns={
                'wording': 'word',
                'deliverable': 'word',
                'due_on': 'word',
                'status': 'word',
                'status_on': 'word',
                'delivered_on': 'word',
                'n_days_late': 'word',
                'evidence_uri': 'word',
            },
        ) }}

),

final as (

    select * from published

)

select * from final
