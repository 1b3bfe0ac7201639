with

own_models as (

    select distinct manufacturer || ' ' || coalesce(model_name, 'unknown') as device_model
    from marts.installed_base
    where
        period = $period
        and manufacturer_id = $manufacturer_id

),

counted as (

    select
        *,
        split_part(stratum, ' | ', 1) as device_model
    from marts.commitment_indicators
    where
        period = $period
        and commitment_number = $commitment_number
        and dimension in ('model', 'software')

),

-- Show all models of an indicator or none: a missing one could be calculated from the total.
judged as (

    select
        counted.*,
        coalesce(
            min(nullif(counted.n_facilities, 0))
                over (partition by counted.indicator_id, counted.dimension)
            >= $minimum_facilities,
            false
        ) as is_shown,
        coalesce(
            bool_and(
                counted.n_facilities_unknown = 0
                or counted.n_facilities_unknown >= $minimum_facilities
            ) over (partition by counted.indicator_id, counted.dimension),
            false
        ) as is_unknown_shown
    from counted
    inner join own_models on counted.device_model = own_models.device_model

),

final as (

    select
        judged.stratum as stratum_label,
        definitions.label as indicator_label,
        if(judged.is_shown, judged.numerator, null) as numerator,
        if(judged.is_shown, judged.denominator, null) as denominator,
        if(judged.is_shown, judged.value, null) as value,
        if(judged.is_shown, judged.value_lower, null) as value_lower,
        if(judged.is_shown, judged.value_upper, null) as value_upper,
        if(judged.is_shown and judged.is_unknown_shown, judged.n_unknown, null)
            as n_unknown,
        if(judged.is_shown and judged.is_unknown_shown, judged.share_unknown, null)
            as share_unknown,
        if(judged.is_shown, 'shown', 'suppressed') as disclosure
    from judged
    inner join reference.indicators as definitions
        on judged.indicator_id = definitions.indicator_id
    where definitions.basis = $basis
    order by
        judged.device_model,
        definitions.indicator_id,
        judged.dimension,
        judged.stratum

)

select * from final
