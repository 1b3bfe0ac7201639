{{ config(schema='marts', contract={'enforced': true}) }}

with

facility_typical_values as (

    select * from {{ ref('facility_typical_values') }}

),

national_drls as (

    select * from {{ ref('national_drls') }}

),

methods as (

    select * from {{ ref('methods') }}

),

-- The limits are those of a median; for a mean none are known. Pooled examinations have no
-- facility.
of_units as (

    select
        facility_typical_values.*,
        case when methods.site_statistic = 'median' then facility_typical_values.p50_lower end
            as typical_value_lower,
        case when methods.site_statistic = 'median' then facility_typical_values.p50_upper end
            as typical_value_upper
    from facility_typical_values
    inner join methods
        on
            facility_typical_values.method_id = methods.method_id
            and facility_typical_values.method_version = methods.method_version
            and methods.unit_of_analysis <> 'examination'

),

compared as (

    select
        of_units.*,
        national_drls.national_drl,
        case
            when not of_units.is_sufficient then 'too_few_examinations'
            when national_drls.national_drl is null then 'no_ndrl'
            when of_units.typical_value_lower > national_drls.national_drl then 'above'
            when of_units.typical_value > national_drls.national_drl then 'possibly_above'
            when
                of_units.typical_value < national_drls.p25
                and of_units.typical_value_upper < national_drls.p25
                then 'unusually_low'
            else 'at_or_below'
        end as position_in_period
    from of_units
    left join national_drls
        on
            {{ is_same_cell('of_units', 'national_drls') }}

),

above as (

    select * from compared
    where position_in_period = 'above'

),

final as (

    select
        compared.facility_id,
        compared.device_key,
        compared.period,
        compared.procedure_id,
        compared.patient_group_id,
        compared.drl_quantity,
        compared.unit,
        compared.method_id,
        compared.method_version,
        compared.n_examinations,
        compared.typical_value,
        compared.typical_value_lower,
        compared.typical_value_upper,
        compared.national_drl,
        case
            when compared.is_sufficient
                then compared.typical_value / nullif(compared.national_drl, 0)
        end as ratio_to_national_drl,
        case
            when compared.position_in_period = 'above' and above.period is not null
                then 'consistently_above'
            else compared.position_in_period
        end as position
    from compared
    left join above
        on
            {{ is_same_statistic('compared', 'above') }}
            and compared.facility_id = above.facility_id
            and compared.device_key is not distinct from above.device_key
            and compared.period = above.period + 1

)

select * from final
