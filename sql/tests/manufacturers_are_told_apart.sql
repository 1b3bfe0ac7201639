-- Each manufacturer matches its own label, and no label matches two manufacturers. Manufacturer
-- names in reports are data: where two match, the models take the first by id.
with

manufacturers as (

    select * from {{ ref('manufacturers') }}

),

final as (

    select labels.manufacturer_id
    from manufacturers as labels
    left join manufacturers as patterns
        on regexp_matches({{ normalised_text('labels.label') }}, patterns.pattern)
    group by labels.manufacturer_id
    having
        count(*) <> 1
        or min(patterns.manufacturer_id) is distinct from labels.manufacturer_id

)

select * from final
