with

final as (

    select
        {{ disclosed_whole(
            restricted=ref('int_declared_training_counts'),
            profile=ref('int_disclosure_profile'),
            key=['year', 'audience', 'country'],
            partition=['year', 'audience', "country = 'all'"],
            needs=['n_manufacturers', 'largest_manufacturer_share'],
            is_empty='n_courses_of_makers = 0',
            columns={
                'n_courses': 'word',
                'n_courses_of_curricula': 'word',
                'n_sessions': 'word',
                'n_participants': 'count',
                'n_courses_without_participants': 'word',
            },
        ) }}

)

select * from final
