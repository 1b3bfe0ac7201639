with

examined as (

    select
        procedure_label,
        patient_group_label,
        procedure_id,
        patient_group_id,
        count(distinct facility_id) as n_facilities,
        max(n_examinations) as n_examinations
    from marts.facility_typical_values
    where
        method_id = $method_id
        and period = $period
    group by all

),

levels as (

    select * from marts.national_drls
    where
        method_id = $method_id
        and period = $period

),

final as (

    select
        examined.procedure_label,
        examined.patient_group_label,
        examined.n_facilities,
        examined.n_examinations
    from examined
    anti join levels
        on
            examined.procedure_id = levels.procedure_id
            and examined.patient_group_id = levels.patient_group_id
    order by
        examined.procedure_label,
        examined.patient_group_label,
        examined.procedure_id,
        examined.patient_group_id

)

select * from final
