{{ config(schema='core') }}

with

examinations as (

    select * from {{ ref('int_examinations_classified') }}

),

drl_quantities as (

    select * from {{ ref('drl_quantities') }}

),

-- Levels and the lake use different units: values are converted to the unit of the levels.
long_form as (

    select
        examinations.*,
        drl_quantities.drl_quantity,
        drl_quantities.unit,
        drl_quantities.factor
        * {{ examination_dose('drl_quantities.drl_quantity', 'examinations') }} as value,
        case drl_quantities.drl_quantity
            when 'ctdivol' then examinations.ctdivol_mean_mgy
            when 'ssde' then examinations.ssde_mean_mgy
        end as mean_value,
        case drl_quantities.drl_quantity
            when 'ctdivol' then examinations.ctdivol_largest_mgy
            when 'ssde' then examinations.ssde_largest_mgy
        end as largest_value,
        coalesce(
            examinations.n_planes > 1
            and drl_quantities.drl_quantity in ('air_kerma_rp', 'fluoro_time'),
            false
        ) as is_of_two_planes
    from examinations
    inner join drl_quantities
        on
            {{ applies_to('drl_quantities.modalities', 'examinations.modality') }}
            and {{ applies_to('drl_quantities.scopes', "'examination'") }}

),

-- An examination may have one quantity and lack another. The reasons of
-- without_group_reasons come last: they refer to the first-line method, and other methods have
-- their own groups (patient_group_ids).
final as (

    select
        facility_id,
        study_key,
        modality,
        device_key,
        study_date,
        period,
        procedure_id,
        rule_id,
        rule_version,
        patient_group_id,
        patient_group_ids,
        patient_weight_kg,
        ctdiw_phantom,
        has_partial_report,
        coalesce(modality <> 'CT' or n_helix_regions <= 1, false) as is_of_one_region,
        drl_quantity,
        value,
        mean_value,
        largest_value,
        unit,
        drl_quantity = 'ssde' and is_ssde_derived as is_derived,
        drl_quantity = 'dlp' and dlp_of_total_alone_mgy_cm is not null as is_from_total,
        case
            when exclusion_reason not in {{ without_group_reasons() }} then exclusion_reason
            when is_of_two_planes then 'biplane'
            when drl_quantity = 'air_kerma_rp' and is_of_other_reference_point
                then 'other_reference_point'
            when drl_quantity in ('ctdivol', 'ssde') and value is null and is_length_unknown
                then 'length_unknown'
            when drl_quantity = 'ssde' and value is null and is_diameter_outside
                then 'diameter_outside_tables'
            when
                drl_quantity = 'administered_activity_per_kg'
                and administered_activity_mbq > 0
                and patient_weight_kg is null
                then 'weight_unknown'
            when coalesce(value, 0) <= 0 then 'no_dose'
            else exclusion_reason
        end as exclusion_reason
    from long_form

)

select * from final
