with

definitions as (

    select * from indicator_definitions
    where
        commitment_number = $commitment_number
        and basis = $basis

),

counted as (

    select * from commitment_indicators
    where period = $period

),

whole as (

    select * from counted
    where dimension = 'all'

),

-- Indicators that are counted only by subgroup have no total.
in_parts as (

    select distinct indicator_id
    from counted
    where
        dimension <> 'all'
        and indicator_id not in (select whole.indicator_id from whole)

),

final as (

    select
        definitions.label as indicator_label,
        whole.numerator,
        whole.denominator,
        whole.value,
        whole.value_lower,
        whole.value_upper,
        whole.n_unknown,
        whole.share_unknown,
        whole.n_facilities,
        whole.n_devices,
        coalesce(whole.disclosure, 'no_data') as disclosure,
        round(whole.value * (1 - whole.share_unknown), 3) as share_yes_of_all,
        round((1 - whole.value) * (1 - whole.share_unknown), 3) as share_no_of_all
    from definitions
    left join whole on definitions.indicator_id = whole.indicator_id
    where definitions.indicator_id not in (select in_parts.indicator_id from in_parts)
    order by definitions.indicator_id

)

select * from final
