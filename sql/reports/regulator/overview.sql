with

levels as (

    select * from national_drls
    where
        method_id = $method_id
        and period = $period

),

final as (

    select
        modality,
        count(distinct procedure_id) as n_procedures,
        count(*) as n_cells,
        count(*) filter (where status = 'ndrl') as n_levels,
        count(*) filter (where status = 'typical_value') as n_typical_values,
        count(*) filter (where disclosure = 'suppressed') as n_withheld,
        max(n_facilities) as n_facilities
    from levels
    group by modality
    order by modality

)

select * from final
