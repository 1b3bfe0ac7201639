with

published as (

    select
        {{ disclosed_whole(
            restricted=ref('generation_doses'),
            profile=ref('int_disclosure_profile'),
            key=['period', 'modality', 'generation', 'drl_quantity'],
            partition=['period', 'modality', 'drl_quantity', "generation = 'all'"],
            needs=[
                'n_facilities', 'n_manufacturers', 'largest_manufacturer_share',
                'largest_facility_share',
            ],
            columns={
                'unit': 'word',
                'standardised_value': 'value',
                'standardised_lower': 'lower',
                'standardised_upper': 'upper',
                'n_cells': 'word',
                'n_cells_left_out': 'word',
                'share_of_mix': 'coarse',
                'n_devices': 'count',
                'n_facilities': 'count',
            },
        ) }}

),

nation as (

    select * from published
    where generation = 'all'

),

final as (

    select
        published.period,
        published.modality,
        published.generation,
        published.drl_quantity,
        published.unit,
        published.standardised_value,
        published.standardised_lower,
        published.standardised_upper,
        round(published.standardised_value / nullif(nation.standardised_value, 0), 2)
            as ratio_to_all,
        published.n_cells,
        published.n_cells_left_out,
        published.share_of_mix,
        published.n_devices,
        published.n_facilities,
        published.disclosure,
        published.disclosure_profile
    from published
    left join nation
        on
            published.period = nation.period
            and published.modality = nation.modality
            and published.drl_quantity = nation.drl_quantity

)

select * from final
