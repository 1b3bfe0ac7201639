with

published as (

    select
        {{ disclosed_whole(
            restricted=ref('commitment_indicators'),
            profile=ref('int_disclosure_profile'),
            key=['period', 'indicator_id', 'dimension', 'stratum'],
            partition=['period', 'indicator_id', 'dimension'],
            needs=[
                'n_facilities', 'n_manufacturers', 'largest_manufacturer_share',
                'largest_facility_share',
            ],
            is_empty='n_facilities = 0',
            condition="dimension in ('all', 'age_band', 'generation', 'patient_size', 'item', 'kvp')",
            columns={
                'numerator': 'count',
                'denominator': 'count',
                'n_unknown': 'unknown',
                'share_unknown': 'coarse',
                'n_facilities': 'count',
                'n_devices': 'count',
            },
        ) }}

),

indicators as (

    select * from {{ ref('indicators') }}

),

-- No restricted data from here on: shares are computed from published counts.
final as (

    select
        published.period,
        published.indicator_id,
        indicators.commitment_number,
        indicators.label as indicator_label,
        published.dimension,
        published.stratum,
        published.numerator,
        published.denominator,
        published.n_unknown,
        published.share_unknown,
        round(published.numerator / nullif(published.denominator, 0), 3) as value,
        floor(100 * {{ wilson_lower('published.numerator', 'published.denominator') }}) / 100
            as value_lower,
        ceil(100 * {{ wilson_upper('published.numerator', 'published.denominator') }}) / 100
            as value_upper,
        published.n_facilities,
        published.n_devices,
        published.disclosure,
        published.disclosure_profile
    from published
    inner join indicators on published.indicator_id = indicators.indicator_id

)

select * from final
