with

published as (

    select
        {{ disclosed_rows(
            relation=ref('int_breast_disclosure'),
            key=[
                'period', 'technique', 'view', 'thickness_band_id', 'detector_technology',
            ],
            columns={
                'n_facilities': ['count', 'is_shown'],
                'n_devices': ['count', 'is_shown'],
                'n_examinations': ['count', 'is_shown'],
                'n_views': ['count', 'is_shown'],
                'p50': ['value', 'is_shown'],
                'p50_lower': ['lower', 'is_shown'],
                'p50_upper': ['upper', 'is_shown'],
                'p75': ['value', 'is_shown'],
                'p75_lower': ['lower', 'is_shown'],
                'p75_upper': ['upper', 'is_shown'],
                'p95': ['value', 'is_p95_shown'],
                'p95_lower': ['lower', 'is_p95_shown'],
                'p95_upper': ['upper', 'is_p95_shown'],
            },
        ) }}

),

thickness_bands as (

    select * from {{ ref('thickness_bands') }}

),

-- A period without any shown row is not listed, because that would disclose that data were
-- reported.
final as (

    select
        published.period,
        published.technique,
        published.view,
        published.thickness_band_id,
        published.detector_technology,
        thickness_bands.label as thickness_band_label,
        'mGy' as unit,
        published.* exclude (
            period, technique, view, thickness_band_id, detector_technology
        )
    from published
    inner join thickness_bands on published.thickness_band_id = thickness_bands.thickness_band_id
    where
        published.period in (
            select shown.period from published as shown
            where shown.disclosure = 'shown'
        )

)

select * from final
