-- Exactly one profile is selected; thresholds are at least 1, shares between 0 and 1.
with

profiles as (

    select * from {{ ref('disclosure_profiles') }}

),

final as (

    select profile_id
    from profiles
    where
        minimum_facilities < 1
        or minimum_examinations < 1
        or largest_share not between 0 and 1
        or two_largest_share < largest_share
        or value_significant_digits < 1
        or minimum_relative_step not between 0 and 1
        or count_rounding < 1
        or minimum_contributor_change < 2
        or minimum_manufacturers < 1
        or largest_manufacturer_share not between 0 and 1

    union all

    select 'none is chosen' as profile_id
    where (select count(*) from {{ ref('int_disclosure_profile') }}) <> 1

)

select * from final
