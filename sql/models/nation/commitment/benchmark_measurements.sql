{{ config(schema='marts', contract={'enforced': true}) }}

with

declared_benchmarks as (

    select * from {{ ref('stg_lake__declared_benchmarks') }}

),

spellings as (

    select * from {{ ref('int_manufacturer_spellings') }}

),

declared_models as (

    select * from {{ ref('int_declared_models') }}

),

joined as (

    select
        spellings.manufacturer_id,
        spellings.manufacturer,
        declared_benchmarks.model_name,
        declared_models.generation,
        declared_benchmarks.body_region,
        declared_benchmarks.phantom,
        declared_benchmarks.insert_name,
        declared_benchmarks.insert_diameter_mm,
        declared_benchmarks.insert_contrast_hu,
        declared_benchmarks.protocol,
        declared_benchmarks.kvp_kv,
        declared_benchmarks.ctdivol_mgy,
        declared_benchmarks.reconstruction,
        declared_benchmarks.observer,
        declared_benchmarks.figure_of_merit,
        declared_benchmarks.figure_of_merit_value,
        declared_benchmarks.figure_of_merit_lower,
        declared_benchmarks.figure_of_merit_upper,
        declared_benchmarks.laboratory,
        declared_benchmarks.measured_on,
        declared_benchmarks.report_uri
    from declared_benchmarks
    inner join spellings
        on declared_benchmarks.manufacturer is not distinct from spellings.spelling
    left join declared_models
        on
            spellings.manufacturer_id = declared_models.manufacturer_id
            and coalesce({{ normalised_text('declared_benchmarks.model_name') }}, '')
            = declared_models.model_text

),

-- One measurement may be declared under two names of its manufacturer.
final as (

    select * from joined
    qualify row_number() over (
        partition by
            manufacturer_id,
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
            laboratory,
            measured_on
        order by figure_of_merit_value, figure_of_merit_lower, figure_of_merit_upper, report_uri
    ) = 1

)

select * from final
