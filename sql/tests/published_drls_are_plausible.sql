-- Values are positive, periods do not end before they begin, achievable values are below their
-- levels, and only CT has a phantom.
with

published_drls as (

    select * from {{ ref('published_drls') }}

),

final as (

    select *
    from published_drls
    where
        not value_original > 0
        or value_original > 100000
        or achievable_value > value_canonical
        or not coalesce(achievable_value, 1) > 0
        or percentile not between 0.5 and 0.95
        or valid_to < valid_from
        or (checked_by is null) <> (checked_on is null)
        or (phantom is not null and drl_quantity not in ('ctdivol', 'dlp'))

)

select * from final
