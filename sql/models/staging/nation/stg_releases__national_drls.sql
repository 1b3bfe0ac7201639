{#- Rows as published in earlier releases (folder DRLAKE_RELEASES; empty where there are none). -#}
{%- set releases = env_var('DRLAKE_RELEASES', '') -%}
with

-- Releases before December 2026 lack some of these columns.
columns_of_today as (

    select
        cast(null as varchar) as filename,
        cast(null as varchar) as method_id,
        cast(null as integer) as method_version,
        cast(null as integer) as period,
        cast(null as varchar) as procedure_id,
        cast(null as varchar) as patient_group_id,
        cast(null as varchar) as drl_quantity,
        cast(null as bigint) as n_facilities,
        cast(null as bigint) as n_examinations,
        cast(null as double) as p25,
        cast(null as double) as p50,
        cast(null as double) as p75,
        cast(null as double) as national_drl,
        cast(null as double) as national_drl_lower,
        cast(null as double) as national_drl_upper,
        cast(null as double) as achievable_dose,
        cast(null as double) as minimum,
        cast(null as double) as maximum,
        cast(null as integer) as previous_period,
        cast(null as bigint) as n_matched_facilities,
        cast(null as double) as matched_ratio,
        cast(null as varchar) as change_verdict,
        cast(null as varchar) as status,
        cast(null as varchar) as disclosure,
        cast(null as varchar) as first_published_in
    where false

),

released as (

    select * from columns_of_today
    {% if releases %}
        union all by name

        select *
        from read_parquet(
            '{{ releases }}/*-r*/public/national_drls.parquet',
            filename = true,
            union_by_name = true
        )
    {% endif %}

),

final as (

    select
        regexp_extract(filename, '([0-9]+-r[0-9]+)/public', 1) as release_id,
        {{ national_key() }},
        n_facilities,
        n_examinations,
        p25,
        p50,
        p75,
        national_drl,
        national_drl_lower,
        national_drl_upper,
        achievable_dose,
        minimum,
        maximum,
        previous_period,
        n_matched_facilities,
        matched_ratio,
        change_verdict,
        status,
        disclosure,
        first_published_in
    from released

)

select * from final
