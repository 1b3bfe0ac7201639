with

facility_typical_values as (

    select *
    from {{ ref('facility_typical_values') }}
    where is_sufficient

),

drl_methods as (

    select * from {{ ref('drl_methods') }}

),

-- Every facility counts once, whether it sent 10 examinations or 10,000.
national_statistics as (

    select
        procedure_id,
        procedure_label,
        patient_group_id,
        patient_group_label,
        drl_quantity,
        unit,
        method_id,
        method_version,
        count(*) as n_facilities,
        sum(n_examinations) as n_examinations,
        quantile_cont(typical_value, 0.25) as p25,
        quantile_cont(typical_value, 0.5) as p50,
        quantile_cont(typical_value, 0.75) as p75
    from facility_typical_values
    group by all

),

judged as (

    select
        national_statistics.*,
        national_statistics.n_facilities >= drl_methods.minimum_facilities as is_ndrl
    from national_statistics
    inner join drl_methods
        on
            national_statistics.method_id = drl_methods.method_id
            and national_statistics.method_version = drl_methods.method_version

),

final as (

    select
        procedure_id,
        procedure_label,
        patient_group_id,
        patient_group_label,
        drl_quantity,
        unit,
        method_id,
        method_version,
        n_facilities,
        cast(n_examinations as bigint) as n_examinations,
        p25,
        p50,
        p75,
        case when is_ndrl then p75 end as national_drl,
        case when is_ndrl then p50 end as achievable_dose,
        case when is_ndrl then 'ndrl' else 'typical_value' end as status
    from judged

)

select * from final
