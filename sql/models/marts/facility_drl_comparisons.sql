with

facility_typical_values as (

    select *
    from {{ ref('facility_typical_values') }}
    where facility_id is not null

),

national_drls as (

    select * from {{ ref('national_drls') }}

),

compared as (

    select
        facility_typical_values.*,
        national_drls.national_drl,
        case
            when facility_typical_values.is_sufficient
                then facility_typical_values.typical_value / national_drls.national_drl
        end as ratio_to_national_drl
    from facility_typical_values
    left join national_drls
        on
            facility_typical_values.period = national_drls.period
            and facility_typical_values.procedure_id = national_drls.procedure_id
            and facility_typical_values.patient_group_id = national_drls.patient_group_id
            and facility_typical_values.drl_quantity = national_drls.drl_quantity
            and facility_typical_values.method_id = national_drls.method_id
            and facility_typical_values.method_version = national_drls.method_version

),

final as (

    select
        period,
        facility_id,
        device_key,
        procedure_id,
        patient_group_id,
        drl_quantity,
        unit,
        method_id,
        method_version,
        n_examinations,
        typical_value,
        national_drl,
        ratio_to_national_drl,
        case
            when not is_sufficient then 'too_few_examinations'
            when national_drl is null then 'no_ndrl'
            when typical_value > national_drl then 'above'
            else 'at_or_below'
        end as position
    from compared

)

select * from final
