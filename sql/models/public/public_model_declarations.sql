with

final as (

    select
        {{ disclosed_whole(
            restricted=ref('int_declared_model_counts'),
            profile=ref('int_disclosure_profile'),
            key=['modality', 'statement'],
            partition=['modality', 'statement'],
            needs=['n_manufacturers', 'largest_manufacturer_share'],
            columns={
                'n_models': 'word',
                'n_models_yes': 'word',
                'n_models_no': 'word',
                'n_models_unknown': 'word',
            },
        ) }}

)

select * from final
