with

views as (

    select * from {{ ref('int_breast_views') }}
    where exclusion_reason is null

),

methods as (

    select * from {{ ref('methods') }}

),

-- A unit contributes if it has as many examinations as the first-line method requires of a
-- facility.
enough as (

    select max(minimum_examinations) as minimum_examinations
    from methods
    where method_id = '{{ first_line() }}'

),

grouped as (

    select
        period,
        facility_id,
        device_key,
        technique,
        view,
        thickness_band_id,
        any_value(manufacturer_id order by manufacturer_id) as manufacturer_id,
        any_value(detector_technology order by detector_technology) as detector_technology,
        count(*) as n_views,
        count(distinct study_key) as n_examinations,
        list_sort(list(average_glandular_dose_mgy)) as ordered_values
    from views
    group by period, facility_id, device_key, technique, view, thickness_band_id

),

final as (

    select
        grouped.* exclude (ordered_values),
        {{ linear_quantile('grouped.ordered_values', 'grouped.n_views', 0.5) }} as median_mgy,
        grouped.n_examinations >= enough.minimum_examinations as is_sufficient
    from grouped
    cross join enough

)

select * from final
