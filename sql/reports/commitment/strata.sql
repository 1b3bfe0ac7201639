with

definitions as (

    select * from indicator_definitions
    where
        commitment_number = $commitment_number
        and basis = $basis

),

age_bands as (

    select distinct
        age_band_id,
        age_band_label
    from age_profile

),

counted as (

    select
        *,
        try_cast(regexp_extract(stratum, '[0-9]+') as integer) as first_number
    from commitment_indicators
    where
        period = $period
        and dimension = $dimension

),

-- Label of a diameter band in mm, which needs no translation.
named as (

    select
        counted.*,
        coalesce(
            age_bands.age_band_label,
            case
                when counted.stratum like 'dw_lt%'
                    then '< ' || counted.first_number || ' mm'
                when counted.stratum like 'dw_ge%'
                    then '≥ ' || counted.first_number || ' mm'
                when counted.stratum like 'dw_%'
                    then regexp_replace(counted.stratum, '^dw_([0-9]+)_([0-9]+)mm$', '\1–<\2 mm')
            end,
            counted.stratum
        ) as stratum_label
    from counted
    left join age_bands
        on
            counted.stratum = age_bands.age_band_id
            and counted.dimension = 'age_band'

),

final as (

    select
        definitions.label as indicator_label,
        named.stratum_label,
        named.numerator,
        named.denominator,
        named.value,
        named.value_lower,
        named.value_upper,
        named.n_unknown,
        named.share_unknown,
        named.n_facilities,
        named.n_devices,
        named.disclosure
    from named
    inner join definitions on named.indicator_id = definitions.indicator_id
    order by
        definitions.indicator_id,
        named.stratum = 'unknown',
        named.stratum like 'dw_%' and named.stratum not like 'dw_lt%',
        case when named.stratum <> 'over_10' then named.first_number end nulls last,
        named.stratum

)

select * from final
