{#- The dose of an examination for one DRL quantity, in the unit of the lake. The seed
    drl_quantities is the only list of which modality has which quantities. -#}
{% macro examination_dose(quantity, examinations) -%}
    case {{ quantity }}
        when 'ctdivol' then {{ examinations }}.ctdivol_mgy
        when 'dlp' then {{ examinations }}.dlp_mgy_cm
        when 'ssde' then {{ examinations }}.ssde_mgy
        when 'kap' then {{ examinations }}.kap_gy_m2
        when 'air_kerma_rp' then {{ examinations }}.air_kerma_rp_gy
        when 'fluoro_time' then {{ examinations }}.fluoro_time_s
        when 'agd' then {{ examinations }}.largest_agd_mgy
        when 'administered_activity' then {{ examinations }}.administered_activity_mbq
        when 'administered_activity_per_kg'
            then {{ examinations }}.administered_activity_mbq / {{ examinations }}.patient_weight_kg
    end
{%- endmacro %}


{#- The largest dose of an examination among the DRL quantities in a list; only its sign has a
    meaning, since the quantities have different units. NULL where none is stated. -#}
{% macro largest_dose(quantities, examinations) -%}
    list_max(
        list_transform(
            {{ quantities }}, lambda quantity: {{ examination_dose('quantity', examinations) }}
        )
    )
{%- endmacro %}


{#- One row per modality with the list of its DRL quantities. -#}
{% macro quantities_of_modality(drl_quantities) -%}
    select
        modality,
        list(drl_quantity) as quantities
    from (
        select
            drl_quantity,
            unnest(string_split(modalities, ';')) as modality
        from {{ drl_quantities }}
    )
    group by modality
{%- endmacro %}
