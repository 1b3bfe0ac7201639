{{ config(schema='marts', contract={'enforced': true}) }}

with

typical_values as (

    select * from {{ ref('int_device_typical_values') }}
    where is_in_base

),

by_facility as (

    select
        period,
        procedure_id,
        patient_group_id,
        drl_quantity,
        age_band_id,
        facility_id,
        count(*) as n_devices
    from typical_values
    group by all

),

largest as (

    select
        * exclude (facility_id, n_devices),
        max(n_devices) / sum(n_devices) as largest_facility_share
    from by_facility
    group by all

),

grouped as (

    select
        period,
        procedure_id,
        patient_group_id,
        drl_quantity,
        age_band_id,
        any_value(unit) as unit,
        count(*) as n_devices,
        count(distinct facility_id) as n_facilities,
        sum(n_examinations) as n_examinations,
        list_sort(list(typical_value)) as ordered_values,
        max(national_drl) as national_drl,
        count(*) filter (where is_above) as n_above,
        count(is_above) as n_compared,
        {{ n_manufacturers('manufacturer_id') }} as n_manufacturers,
        {{ largest_manufacturer_share('manufacturer_id') }} as largest_manufacturer_share
    from typical_values
    group by period, procedure_id, patient_group_id, drl_quantity, age_band_id

),

sizes as (

    select distinct
        n_devices as n,
        0.5 as probability
    from grouped

),

ranks as (

    {{ binomial_ranks('sizes') }}

),

final as (

    select
        grouped.period,
        grouped.procedure_id,
        grouped.patient_group_id,
        grouped.drl_quantity,
        grouped.age_band_id,
        grouped.unit,
        grouped.n_devices,
        grouped.n_facilities,
        cast(grouped.n_examinations as bigint) as n_examinations,
        {{ linear_quantile('grouped.ordered_values', 'grouped.n_devices', 0.25) }} as p25,
        {{ linear_quantile('grouped.ordered_values', 'grouped.n_devices', 0.5) }} as p50,
        grouped.ordered_values[ranks.lower_rank] as p50_lower,
        grouped.ordered_values[ranks.upper_rank] as p50_upper,
        {{ linear_quantile('grouped.ordered_values', 'grouped.n_devices', 0.75) }} as p75,
        grouped.national_drl,
        grouped.n_compared,
        grouped.n_above,
        grouped.n_above / nullif(grouped.n_compared, 0) as share_above,
        {{ wilson_lower('grouped.n_above', 'grouped.n_compared') }} as share_above_lower,
        {{ wilson_upper('grouped.n_above', 'grouped.n_compared') }} as share_above_upper,
        grouped.n_manufacturers,
        grouped.largest_manufacturer_share,
        largest.largest_facility_share
    from grouped
    inner join largest
        on
            grouped.period = largest.period
            and grouped.procedure_id = largest.procedure_id
            and grouped.patient_group_id = largest.patient_group_id
            and grouped.drl_quantity = largest.drl_quantity
            and grouped.age_band_id = largest.age_band_id
    left join ranks on grouped.n_devices = ranks.n

)

select * from final
