with

devices_left_out as (

    select * from {{ ref('int_devices_left_out') }}
    where is_left_out

),

examination_doses as (

    {{ doses_without_devices(ref('fct_examination_doses'), 'devices_left_out') }}
    where {{ is_usable() }}

),

group_members as (

    {{ group_members('examination_doses') }}

),

groups_wanted as (

    select
        method_id,
        method_version,
        patient_group_id,
        unnest(string_split(modalities, ';')) as modality
    from {{ ref('int_method_groups') }}
    where unit_of_analysis = 'examination'

),

-- Contribution of each facility to a pool whose statistics name no facility.
of_facilities as (

    select
        examination_doses.facility_id,
        examination_doses.modality,
        examination_doses.period,
        examination_doses.procedure_id,
        group_members.patient_group_id,
        examination_doses.drl_quantity,
        count(*) as n_examinations,
        quantile_cont(examination_doses.value, 0.5) as p50
    from examination_doses
    inner join group_members
        on examination_doses.patient_group_ids = group_members.patient_group_ids
    where group_members.patient_group_id in (select patient_group_id from groups_wanted)
    group by all

),

final as (

    select
        groups_wanted.method_id,
        groups_wanted.method_version,
        of_facilities.* exclude (modality)
    from of_facilities
    inner join groups_wanted
        on
            of_facilities.modality = groups_wanted.modality
            and of_facilities.patient_group_id = groups_wanted.patient_group_id
    where of_facilities.procedure_id is not null and of_facilities.p50 is not null

)

select * from final
