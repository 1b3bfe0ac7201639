with

doses as (

    select * from generation_doses
    where
        period = $period
        and modality = 'CT'

),

final as (

    select
        drl_quantity,
        generation,
        unit,
        standardised_value,
        standardised_lower,
        standardised_upper,
        ratio_to_all,
        n_cells,
        n_cells_left_out,
        share_of_mix,
        n_devices,
        n_facilities,
        disclosure
    from doses
    order by
        drl_quantity,
        generation = 'all',
        generation

)

select * from final
