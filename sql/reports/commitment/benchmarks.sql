with

final as (

    select
        phantom,
        body_region,
        insert_name,
        observer,
        figure_of_merit,
        n_measurements,
        n_models,
        ctdivol_p50_mgy,
        figure_of_merit_p50,
        disclosure
    from benchmark_measurements
    order by
        body_region,
        phantom,
        insert_name,
        observer,
        figure_of_merit

)

select * from final
