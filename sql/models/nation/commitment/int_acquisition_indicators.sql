with

acquisitions as (

    select * from {{ ref('int_device_acquisitions') }}

),

-- The voltage mix has a row for each voltage in the nation, for every device that reports any.
body_voltages as (

    select
        period,
        facility_id,
        device_key,
        software_versions,
        kvp_kv,
        sum(n_acquisitions) as n_at_voltage,
        sum(n_acquisitions) filter (where kvp_kv is null) as n_unknown
    from acquisitions
    where is_body
    group by all

),

voltages as (

    select distinct
        period,
        kvp_kv
    from body_voltages
    where kvp_kv is not null

),

voltage_mix as (

    select
        body_voltages.period,
        'voltage_mix' as indicator_id,
        'kvp' as dimension,
        voltages.kvp_kv || ' kV' as stratum,
        body_voltages.facility_id,
        body_voltages.device_key,
        body_voltages.software_versions,
        coalesce(
            sum(body_voltages.n_at_voltage)
            filter (where body_voltages.kvp_kv = voltages.kvp_kv), 0
        ) as numerator,
        coalesce(
            sum(body_voltages.n_at_voltage) filter (where body_voltages.kvp_kv is not null), 0
        ) as denominator,
        coalesce(sum(body_voltages.n_unknown), 0) as n_unknown
    from body_voltages
    inner join voltages on body_voltages.period = voltages.period
    group by all

),

counted as (

    {% set indicators = [
        ('modulation_use', 'is_body', 'n_spiral_modulated', 'n_spiral',
            'n_spiral_modulation_unknown'),
        ('voltage_below_120', 'is_body', 'n_below_120', 'n_acquisitions',
            'if(kvp_kv is null, n_acquisitions, 0)'),
        ('iterative_use', 'true', 'n_iterative', 'n_acquisitions', 'n_iterative_unknown'),
        ('dose_check_notification_configured', 'true', 'n_notification', 'n_acquisitions',
            'n_notification_unknown'),
        ('dose_check_alert_configured', 'true', 'n_alert', 'n_acquisitions', 'n_alert_unknown'),
        ('notification_value_exceeded', 'true', 'n_above_notification', 'n_notification',
            'n_above_notification_unknown'),
        ('ssde_available', 'true', 'n_with_size', 'n_acquisitions', '0'),
    ] %}
    {% for indicator_id, condition, numerator, counted, unknown in indicators %}
        select
            period,
            '{{ indicator_id }}' as indicator_id,
            size_class,
            facility_id,
            device_key,
            software_versions,
            sum({{ numerator }}) as numerator,
            sum({{ counted }}) - sum({{ unknown }}) as denominator,
            sum({{ unknown }}) as n_unknown
        from acquisitions
        where {{ condition }}
        group by all
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

by_device as (

    select
        period,
        indicator_id,
        cast(null as varchar) as dimension,
        cast(null as varchar) as stratum,
        facility_id,
        device_key,
        software_versions,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(n_unknown) as n_unknown
    from counted
    group by all

),

by_size as (

    select
        period,
        indicator_id,
        'patient_size' as dimension,
        size_class as stratum,
        facility_id,
        device_key,
        software_versions,
        numerator,
        denominator,
        n_unknown
    from counted
    where indicator_id in ('modulation_use', 'voltage_below_120')

),

final as (

    select * from by_device
    union all
    select * from by_size
    union all
    select * from voltage_mix

)

select * from final
