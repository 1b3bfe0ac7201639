with

measurements as (

    select * from {{ ref('benchmark_measurements') }}

),

counted as (

    select
        body_region,
        phantom,
        insert_name,
        observer,
        figure_of_merit,
        count(*) as n_measurements,
        count(distinct manufacturer_id || ' ' || model_name) as n_models,
        median(ctdivol_mgy) as ctdivol_p50_mgy,
        median(figure_of_merit_value) as figure_of_merit_p50,
        {{ n_manufacturers('manufacturer_id') }} as n_manufacturers,
        {{ largest_manufacturer_share('manufacturer_id') }} as largest_manufacturer_share
    from measurements
    group by body_region, phantom, insert_name, observer, figure_of_merit

),

final as (

    select * from counted

)

select * from final
