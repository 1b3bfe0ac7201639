with

patient_limit_combinations as (

    select * from {{ ref('int_patient_limit_combinations') }}

),

final as (

    select distinct
        patient_group_ids,
        unnest(string_split(patient_group_ids, ';')) as patient_group_id
    from patient_limit_combinations

)

select * from final
