with

contributions as (

    select * from {{ ref('int_contributions') }}

),

profile as (

    select * from {{ ref('int_disclosure_profile') }}

),

measures as (

    select
        {{ national_key() }},
        count(*) as n_facilities,
        count(*) filter (where n_examinations >= profile.minimum_examinations)
            as n_large_facilities,
        cast(sum(n_examinations) as bigint) as n_examinations,
        max(weight) / sum(weight) as largest_share,
        list_sum(max(weight, 2)) / sum(weight) as two_largest_share,
        max(n_examinations) / sum(n_examinations) as largest_examination_share,
        list_sum(max(n_examinations, 2)) / sum(n_examinations) as two_largest_examination_share,
        min(typical_values[1]) as minimum,
        max(typical_values[-1]) as maximum
    from contributions
    cross join profile
    group by {{ national_key() }}

),

-- Where one facility has most of the examinations, the total nearly equals its own number.
final as (

    select
        measures.*,
        {{ primary_rule('measures') }} as primary_rule,
        coalesce(measures.largest_examination_share > profile.largest_share, false)
        or coalesce(measures.two_largest_examination_share > profile.two_largest_share, false)
            as has_dominated_count
    from measures
    cross join profile

)

select * from final
