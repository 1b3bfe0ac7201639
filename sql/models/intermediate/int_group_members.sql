with

patient_kinds as (

    select * from {{ ref('int_patient_kinds') }}

),

final as (

    select distinct
        patient_group_ids,
        unnest(string_split(patient_group_ids, ';')) as patient_group_id
    from patient_kinds

)

select * from final
