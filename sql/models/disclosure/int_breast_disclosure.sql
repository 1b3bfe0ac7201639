with

cells as (

    select * from {{ ref('int_breast_cells') }}

),

thickness_bands as (

    select * from {{ ref('thickness_bands') }}

),

profile as (

    select * from {{ ref('int_disclosure_profile') }}

),

periods as (

    select distinct period from cells

),

techniques as (

    select unnest(['2d', 'tomosynthesis', 'unknown']) as technique

),

view_list as (

    select unnest(['cc', 'mlo', 'other', 'unknown']) as view

),

technologies as (

    select unnest(['all', 'cr', 'dr', 'photon_counting', 'unknown']) as detector_technology

),

-- Every possible cell, so that the presence of a row discloses nothing.
possible as (

    select
        periods.period,
        techniques.technique,
        view_list.view,
        thickness_bands.thickness_band_id,
        technologies.detector_technology
    from periods
    cross join techniques
    cross join view_list
    cross join thickness_bands
    cross join technologies

),

judged as (

    select
        possible.*,
        cells.* exclude (period, technique, view, thickness_band_id, detector_technology),
        cells.period is null as is_empty,
        coalesce(
            cells.n_facilities >= profile.minimum_facilities
            and cells.n_examinations >= profile.minimum_examinations
            and coalesce(cells.n_manufacturers >= profile.minimum_manufacturers, true)
            and coalesce(
                cells.largest_manufacturer_share <= profile.largest_manufacturer_share, true
            )
            and coalesce(cells.largest_share <= profile.largest_share, true)
            and coalesce(cells.two_largest_share <= profile.two_largest_share, true),
            false
        ) as is_large_enough,
        -- A percentile above the last but one rank depends on the value of the highest unit.
        coalesce(
            profile.show_extremes
            or ceil(round((cells.n_devices - 1) * 0.95 + 1, 9)) < cells.n_devices,
            false
        ) as is_below_highest
    from possible
    cross join profile
    left join cells
        on
            possible.period = cells.period
            and possible.technique = cells.technique
            and possible.view = cells.view
            and possible.thickness_band_id = cells.thickness_band_id
            and possible.detector_technology = cells.detector_technology

),

-- The technologies of a cell add up to its total: where one is suppressed, all are.
decided as (

    select
        *,
        is_large_enough
        and bool_and(is_large_enough or is_empty) over (
            partition by
                period,
                technique,
                view,
                thickness_band_id,
                detector_technology = 'all'
        ) as is_shown
    from judged

),

final as (

    select
        * exclude (is_empty, is_large_enough, is_below_highest),
        is_shown and is_below_highest as is_p95_shown
    from decided

)

select * from final
