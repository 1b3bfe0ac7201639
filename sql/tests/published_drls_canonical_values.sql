-- value_canonical equals value_original converted to the unit of levels of the quantity.
with

published_drls as (

    select * from {{ ref('published_drls') }}

),

drl_quantities as (

    select * from {{ ref('drl_quantities') }}

),

units as (

    select * from {{ ref('units') }}

),

computed as (

    select
        published_drls.drl_id,
        published_drls.unit_canonical,
        published_drls.value_canonical,
        drl_quantities.unit,
        published_drls.value_original
        * case
            when published_drls.unit_original = drl_quantities.unit then 1
            else units.factor * drl_quantities.factor
        end as value
    from published_drls
    left join drl_quantities on published_drls.drl_quantity = drl_quantities.drl_quantity
    left join units
        on
            drl_quantities.lake_unit = units.unit
            and published_drls.unit_original = units.written

),

final as (

    select *
    from computed
    where
        unit_canonical is distinct from unit
        or value is null
        or abs(value_canonical - value) > 1e-9 * value

)

select * from final
