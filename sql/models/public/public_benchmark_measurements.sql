with

final as (

    select
        {{ disclosed_whole(
            restricted=ref('int_declared_benchmark_counts'),
            profile=ref('int_disclosure_profile'),
            key=['body_region', 'phantom', 'insert_name', 'observer', 'figure_of_merit'],
            partition=['body_region', 'phantom', 'insert_name', 'observer', 'figure_of_merit'],
            needs=['n_manufacturers', 'largest_manufacturer_share'],
            columns={
                'n_measurements': 'word',
                'n_models': 'word',
                'ctdivol_p50_mgy': 'value',
                'figure_of_merit_p50': 'value',
            },
        ) }}

)

select * from final
