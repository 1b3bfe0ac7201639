with

examinations as (

    select * from {{ ref('int_examinations_classified') }}

),

drl_quantities as (

    select * from {{ ref('drl_quantities') }}

),

long_form as (

    select
        examinations.*,
        drl_quantities.drl_quantity,
        drl_quantities.unit,
        case drl_quantities.drl_quantity
            when 'ctdivol' then examinations.ctdivol_mgy
            when 'dlp' then examinations.dlp_mgy_cm
        end as value
    from examinations
    cross join drl_quantities

),

-- An examination may have one quantity and lack the other.
final as (

    select
        facility_id,
        study_key,
        device_key,
        study_date,
        procedure_id,
        rule_id,
        rule_version,
        patient_group_id,
        ctdiw_phantom,
        drl_quantity,
        value,
        unit,
        coalesce(
            exclusion_reason,
            case when coalesce(value, 0) <= 0 then 'no_dose' end
        ) as exclusion_reason
    from long_form

)

select * from final
