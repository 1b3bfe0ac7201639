with

final as (

    select
        model_name,
        body_region,
        phantom,
        insert_name,
        insert_diameter_mm,
        insert_contrast_hu,
        protocol,
        kvp_kv,
        ctdivol_mgy,
        reconstruction,
        observer,
        figure_of_merit,
        figure_of_merit_value,
        figure_of_merit_lower,
        figure_of_merit_upper,
        laboratory,
        measured_on,
        report_uri
    from marts.benchmark_measurements
    where manufacturer_id = $manufacturer_id
    order by
        model_name,
        body_region,
        phantom,
        insert_name,
        protocol,
        ctdivol_mgy,
        measured_on,
        figure_of_merit,
        figure_of_merit_value

)

select * from final
