with

items as (

    select * from {{ ref('int_device_items') }}

),

devices as (

    select * from {{ ref('int_device_periods') }}

),

described as (

    select
        items.*,
        coalesce(devices.model_name, 'unknown') as model_name
    from items
    inner join devices
        on
            items.period = devices.period
            and items.facility_id = devices.facility_id
            and items.device_key = devices.device_key

),

-- All items together per device, and each item separately, by model and by software version.
dimensions as (

    {% for dimension, stratum in [
        (none, none), ('item', 'item'), ('item_model', "item || ' | ' || model_name"),
        ('item_software', "item || ' | ' || coalesce(software_versions, 'unknown')"),
    ] %}
        select
            period,
            'item_completeness' as indicator_id,
            {{ "'" ~ dimension ~ "'" if dimension else 'cast(null as varchar)' }} as dimension,
            {{ stratum or 'cast(null as varchar)' }} as stratum,
            facility_id,
            device_key,
            software_versions,
            n_stated,
            n_events
        from described
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        * exclude (n_stated, n_events),
        cast(sum(n_stated) as bigint) as numerator,
        cast(sum(n_events) as bigint) as denominator,
        0 as n_unknown
    from dimensions
    group by all

)

select * from final
