with

devices as (

    select * from {{ ref('int_installed_base') }}
    where modality = 'CT' and is_in_base

),

answered as (

    select
        period,
        facility_id,
        device_key,
        'rdsr_scanner_adoption' as indicator_id,
        case when is_declared then if(has_rdsr, 'yes', 'no') else 'unknown' end as answer
    from devices

    {% for indicator_id, column in [
        ('xr_25_declared', 'xr_25'), ('xr_26_declared', 'xr_26'), ('xr_28_declared', 'xr_28'),
        ('xr_29_declared', 'xr_29'), ('upgradeable_with_modulation', 'can_add_modulation'),
        ('upgradeable_with_iterative', 'can_add_iterative'),
    ] %}
        union all

        select
            period,
            facility_id,
            device_key,
            '{{ indicator_id }}' as indicator_id,
            {{ column }} as answer
        from devices
    {% endfor %}

),

final as (

    select
        period,
        indicator_id,
        cast(null as varchar) as dimension,
        cast(null as varchar) as stratum,
        facility_id,
        device_key,
        cast(null as varchar) as software_versions,
        if(answer = 'yes', 1, 0) as numerator,
        if(answer in ('yes', 'no'), 1, 0) as denominator,
        if(answer in ('yes', 'no'), 0, 1) as n_unknown
    from answered

)

select * from final
