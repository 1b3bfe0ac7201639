with

doses as (

    select
        *,
        try_cast(regexp_extract(thickness_band_id, '[0-9]+') as integer) as thickness_from_mm
    from breast_doses
    where
        period = $period
        and technique = $technique
        and (detector_technology = 'all') = $of_all_detectors

),

final as (

    select
        view,
        thickness_band_label,
        detector_technology,
        'agd' as drl_quantity,
        unit,
        n_facilities,
        n_devices,
        n_views,
        p50,
        p50_lower,
        p50_upper,
        p75,
        p75_lower,
        p75_upper,
        p95,
        p95_lower,
        p95_upper,
        disclosure
    from doses
    order by
        view,
        detector_technology,
        thickness_from_mm,
        thickness_band_id

)

select * from final
