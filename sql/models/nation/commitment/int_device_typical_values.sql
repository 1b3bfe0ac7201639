with

doses as (

    {{ doses_of_examinations_and_views(ref('fct_examination_doses'), ref('fct_view_doses')) }}

),

first_line as (

    select max(minimum_examinations) as minimum_examinations
    from {{ ref('methods') }}
    where method_id = '{{ first_line() }}'

),

national_levels as (

    select
        *,
        level_value as national_drl
    from {{ ref('int_national_levels') }}
    where method_id = '{{ first_line() }}' and is_ndrl

),

installed_base as (

    select * from {{ ref('int_installed_base') }}

),

medians as (

    select
        period,
        facility_id,
        device_key,
        procedure_id,
        patient_group_id,
        drl_quantity,
        unit,
        {{ n_examinations_of_doses() }} as n_examinations,
        median(value) as typical_value
    from doses
    where exclusion_reason is null
    group by all

),

sufficient as (

    select medians.*
    from medians
    inner join first_line on medians.n_examinations >= first_line.minimum_examinations

),

-- The level is that of facilities; a device is compared with it as a facility would be.
final as (

    select
        sufficient.period,
        installed_base.modality,
        sufficient.facility_id,
        sufficient.device_key,
        installed_base.manufacturer_id,
        installed_base.generation,
        installed_base.age_band_id,
        installed_base.is_in_base,
        sufficient.procedure_id,
        sufficient.patient_group_id,
        sufficient.drl_quantity,
        sufficient.unit,
        sufficient.n_examinations,
        sufficient.typical_value,
        national_levels.national_drl,
        sufficient.typical_value > national_levels.national_drl as is_above
    from sufficient
    inner join installed_base
        on
            sufficient.period = installed_base.period
            and sufficient.facility_id = installed_base.facility_id
            and sufficient.device_key = installed_base.device_key
    left join national_levels
        on
            sufficient.period = national_levels.period
            and sufficient.procedure_id = national_levels.procedure_id
            and sufficient.patient_group_id = national_levels.patient_group_id
            and sufficient.drl_quantity = national_levels.drl_quantity

)

select * from final
