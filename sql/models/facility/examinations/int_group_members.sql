with

final as (

    {{ members_of_groups(ref('int_patient_limit_combinations')) }}

)

select * from final
