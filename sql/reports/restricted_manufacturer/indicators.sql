with

definitions as (

    select * from reference.indicators
    where
        commitment_number = $commitment_number
        and basis = $basis

),

own as (

    select
        *,
        coalesce(n_facilities >= $minimum_facilities, false) as is_shown,
        coalesce(
            n_facilities_unknown = 0 or n_facilities_unknown >= $minimum_facilities, false
        ) as is_unknown_shown
    from marts.commitment_indicators
    where
        period = $period
        and dimension = 'manufacturer'
        and stratum = $manufacturer_id

),

nation as (

    select * from public.public_commitment_indicators
    where
        period = $period
        and dimension = 'all'

),

-- Values based on few facilities could reveal single facilities to the manufacturer.
final as (

    select
        definitions.label as indicator_label,
        if(own.is_shown, own.numerator, null) as numerator,
        if(own.is_shown, own.denominator, null) as denominator,
        if(own.is_shown, own.value, null) as value,
        if(own.is_shown, own.value_lower, null) as value_lower,
        if(own.is_shown, own.value_upper, null) as value_upper,
        if(own.is_shown and own.is_unknown_shown, own.n_unknown, null)
            as n_unknown,
        if(own.is_shown and own.is_unknown_shown, own.share_unknown, null)
            as share_unknown,
        case
            when own.indicator_id is null then 'no_data'
            when own.is_shown then 'shown'
            else 'suppressed'
        end as disclosure,
        nation.value as national_value,
        nation.value_lower as national_value_lower,
        nation.value_upper as national_value_upper,
        nation.share_unknown as national_share_unknown
    from definitions
    left join own on definitions.indicator_id = own.indicator_id
    left join nation on definitions.indicator_id = nation.indicator_id
    order by definitions.indicator_id

)

select * from final
