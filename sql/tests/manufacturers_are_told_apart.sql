-- Every manufacturer is known by its label, and no label belongs to two of them. What a device
-- calls its maker is data: of two that match, the models take the first by name.
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
