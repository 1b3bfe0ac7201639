{#- DRLAKE_RELEASES is the folder of earlier releases; empty where there are none. -#}
{%- set releases = env_var('DRLAKE_RELEASES', '') -%}
with

final as (

    {% if releases -%}
        select
            regexp_extract(filename, '([0-9]+-r[0-9]+)/restricted', 1) as release_id,
            {{ national_key() }},
            facility_id,
            n_examinations,
            typical_values
        from read_parquet(
            '{{ releases }}/*-r*/restricted/contributors.parquet',
            filename = true
        )
    {%- else -%}
        select
            cast(null as varchar) as release_id,
            cast(null as varchar) as method_id,
            cast(null as integer) as method_version,
            cast(null as integer) as period,
            cast(null as varchar) as procedure_id,
            cast(null as varchar) as patient_group_id,
            cast(null as varchar) as drl_quantity,
            cast(null as varchar) as facility_id,
            cast(null as bigint) as n_examinations,
            cast(null as double[]) as typical_values
        where false
    {%- endif %}

)

select * from final
