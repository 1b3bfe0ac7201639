with

facility_typical_values as (

    select *
    from {{ ref('facility_typical_values') }}
    where is_sufficient and facility_id is not null

),

methods_used as (

    select * from {{ ref('int_methods_used') }}

),

-- Every facility counts once, whether it sent 10 examinations or 10,000.
national_statistics as (

    select
        period,
        procedure_id,
        procedure_label,
        patient_group_id,
        patient_group_label,
        drl_quantity,
        unit,
        method_id,
        method_version,
        count(distinct facility_id) as n_facilities,
        sum(n_examinations) as n_examinations,
        quantile_cont(typical_value, 0.25) as p25,
        quantile_cont(typical_value, 0.5) as p50,
        quantile_cont(typical_value, 0.75) as p75,
        quantile_cont(typical_value, 0.95) as p95
    from facility_typical_values
    group by all

),

judged as (

    select
        national_statistics.*,
        methods_used.percentile,
        national_statistics.n_facilities >= methods_used.minimum_facilities as is_ndrl
    from national_statistics
    inner join methods_used
        on
            national_statistics.method_id = methods_used.method_id
            and national_statistics.method_version = methods_used.method_version

),

final as (

    select
        period,
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
        case when is_ndrl then case percentile when 0.95 then p95 else p75 end end as national_drl,
        case when is_ndrl then p50 end as achievable_dose,
        case when is_ndrl then 'ndrl' else 'typical_value' end as status
    from judged

)

select * from final
