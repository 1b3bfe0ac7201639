with

peers as (

    select
        {{ disclosed_rows(
            relation=ref('int_peer_doses'),
            key=[
                'method_id', 'method_version', 'period',
                'procedure_id', 'patient_group_id', 'drl_quantity', 'peer_group',
            ],
            columns={
                'n_facilities': ['count', 'is_shown'],
                'p25': ['value', 'is_shown'],
                'p50': ['value', 'is_shown'],
                'p75': ['value', 'is_shown'],
            },
        ) }}

),

national_drls as (

    select * from {{ ref('public_national_drls') }}
    where disclosure = 'shown'

),

peer_groups as (

    select
        unnest([
            'university_hospital', 'hospital', 'clinic', 'practice', 'screening_unit', 'unknown'
        ]) as peer_group

),

-- Each type has a row wherever the nation has a number, so that the presence of a row discloses
-- nothing.
final as (

    select
        national_drls.method_id,
        national_drls.method_version,
        national_drls.period,
        national_drls.procedure_id,
        national_drls.patient_group_id,
        national_drls.drl_quantity,
        peer_groups.peer_group,
        national_drls.procedure_label,
        national_drls.patient_group_label,
        national_drls.unit,
        peers.n_facilities,
        peers.p25,
        peers.p50,
        peers.p75,
        coalesce(peers.disclosure, 'suppressed') as disclosure,
        national_drls.disclosure_profile
    from national_drls
    cross join peer_groups
    left join peers
        on
            {{ is_same_cell('national_drls', 'peers') }}
            and peer_groups.peer_group = peers.peer_group

)

select * from final
