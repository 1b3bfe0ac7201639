with

withheld as (

    select * from breast_doses
    where
        period = $period
        and disclosure = 'suppressed'

),

final as (

    select
        technique,
        view,
        list(distinct thickness_band_label order by thickness_band_label) as thickness_bands,
        list(distinct detector_technology order by detector_technology) as detector_technologies,
        count(*) as n_cells
    from withheld
    group by technique, view
    order by
        technique,
        view

)

select * from final
