with

published as (

    select
        {{ disclosed_whole(
            restricted=ref('age_profile'),
            profile=ref('int_disclosure_profile'),
            key=['period', 'country', 'modality', 'age_band_id'],
            partition=['period', 'modality', "country = 'all'"],
            needs=['n_facilities', 'n_manufacturers', 'largest_manufacturer_share'],
            is_empty='n_devices = 0',
            columns={
                'n_devices': 'count',
                'n_age_unknown': 'unknown',
                'n_facilities': 'count',
            },
        ) }}

),

age_bands as (

    select * from {{ ref('age_bands') }}

),

-- No restricted data from here on: shares are computed from published counts.
shares as (

    select
        *,
        round(
            n_devices / nullif(sum(n_devices) over (partition by period, country, modality), 0), 3
        ) as share -- noqa: RF04
    from published

),

final as (

    select
        shares.period,
        shares.country,
        shares.modality,
        shares.age_band_id,
        age_bands.label as age_band_label,
        age_bands.definition as age_band_definition,
        shares.n_devices,
        shares.n_age_unknown,
        shares.share,
        age_bands.rule,
        age_bands.share as rule_share,
        {{ golden_rule_is_met('shares.share', 'age_bands.rule', 'age_bands.share') }} as is_met,
        shares.n_facilities,
        shares.disclosure,
        shares.disclosure_profile
    from shares
    inner join age_bands on shares.age_band_id = age_bands.age_band_id

)

select * from final
