-- The bands have no gaps or overlaps, and the share of a rule lies between 0 and 1.
with

age_bands as (

    select
        *,
        lag(upper_years) over (order by lower_years nulls first) as previous_upper_years,
        row_number() over (order by lower_years nulls first) as band_number,
        count(*) over () as n_bands
    from {{ ref('age_bands') }}

),

final as (

    select age_band_id
    from age_bands
    where
        previous_upper_years is distinct from lower_years
        or (upper_years is null) <> (band_number = n_bands)
        or share not between 0 and 1

)

select * from final
