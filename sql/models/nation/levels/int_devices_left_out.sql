with

doses as (

    {{ doses_of_examinations_and_views(ref('fct_examination_doses'), ref('fct_view_doses')) }}

),

device_statements as (

    select * from {{ ref('device_statements') }}
    where statement in ('keep_in_levels', 'leave_out_of_levels')

),

medians as (

    select
        period,
        facility_id,
        device_key,
        procedure_id,
        patient_group_id,
        drl_quantity,
        {{ n_examinations_of_doses() }} as n_examinations,
        median(value) as device_median
    from doses
    where exclusion_reason is null
    group by all

),

national as (

    select
        *,
        median(device_median) over cell as national_median,
        count(distinct facility_id) over cell as n_facilities
    from medians
    window cell as (partition by period, procedure_id, patient_group_id, drl_quantity)

),

-- A unit that is shifted gives a ratio near a power of ten.
shifted as (

    select
        national.*,
        national.device_median / national.national_median as ratio,
        factors.factor
    from national
    inner join (values (0.001), (0.01), (0.1), (10), (100), (1000)) as factors (factor)
        on
            abs(national.device_median / national.national_median / factors.factor - 1) <= 0.15
            and national.n_examinations >= 20
            and national.n_facilities >= 5

),

-- A factor of ten may be the practice of a device; it is a shift only where two procedures or
-- quantities of the device have it.
agreeing as (

    select
        period,
        facility_id,
        device_key,
        factor,
        count(distinct procedure_id || ' ' || drl_quantity) as n_agreeing
    from shifted
    group by all

),

found as (

    select
        shifted.period,
        shifted.facility_id,
        shifted.device_key,
        shifted.drl_quantity,
        arg_max(shifted.factor, shifted.n_examinations) as factor,
        arg_max(shifted.ratio, shifted.n_examinations) as ratio,
        sum(shifted.n_examinations) as n_examinations
    from shifted
    inner join agreeing using (period, facility_id, device_key, factor)
    where shifted.factor not in (0.1, 10) or agreeing.n_agreeing >= 2
    group by all

),

measured as (

    select
        period,
        facility_id,
        device_key,
        drl_quantity,
        sum(n_examinations) as n_examinations
    from medians
    group by all

),

stated as (

    select
        measured.*,
        device_statements.statement,
        device_statements.because
    from measured
    inner join device_statements
        on
            measured.facility_id = device_statements.facility_id
            and measured.device_key = device_statements.device_key
            and coalesce(measured.drl_quantity = device_statements.drl_quantity, true)
            and {{ is_in_year('measured.period', 'device_statements') }}

),

final as (

    select
        coalesce(found.period, stated.period) as period,
        coalesce(found.facility_id, stated.facility_id) as facility_id,
        coalesce(found.device_key, stated.device_key) as device_key,
        coalesce(found.drl_quantity, stated.drl_quantity) as drl_quantity,
        coalesce(found.n_examinations, stated.n_examinations) as n_examinations,
        found.factor,
        found.ratio,
        stated.statement,
        stated.because,
        coalesce(stated.statement, 'leave_out_of_levels') = 'leave_out_of_levels' as is_left_out
    from found
    full outer join stated using (period, facility_id, device_key, drl_quantity)

)

select * from final
