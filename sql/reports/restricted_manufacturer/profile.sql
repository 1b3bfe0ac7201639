with

indicators as (

    select * from public.public_commitment_indicators
    where period = $period

),

final as (

    select
        max(indicators.disclosure_profile) as disclosure_profile,
        max(profiles.minimum_facilities) as minimum_facilities
    from indicators
    inner join reference.disclosure_profiles as profiles
        on indicators.disclosure_profile = profiles.profile_id

)

select * from final
