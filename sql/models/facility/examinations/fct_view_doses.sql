{{ config(schema='core') }}

with

views as (

    select * from {{ ref('int_mammography_events') }}

),

examinations as (

    select * from {{ ref('int_examinations_classified') }}
    where modality in ('MG', 'DX')

),

radiographs as (

    {{ radiograph_views(
        ref('int_xray_event_copies'), ref('int_counted_reports_xray_irradiation_events'),
        ref('int_counted_reports_dose_reports'), ref('int_examinations_classified'),
        ref('procedures')
    ) }}

),

patient_limit_combinations as (

    select * from {{ ref('int_patient_limit_combinations') }}
    where diameter_reached_mm is null

),

drl_quantities as (

    select * from {{ ref('drl_quantities') }}

),

-- One image and one tomosynthesis of the same view of a breast. If a view was repeated, it is
-- unknown which of them belong together.
combinations as (

    select
        facility_id,
        study_key,
        device_key,
        any_value(counted_event_key) filter (where technique = '2d') as counted_event_key,
        any_value(event_index) filter (where technique = '2d') as event_index,
        any_value(view) as view,
        if(count(distinct compression_thickness_mm) = 1, max(compression_thickness_mm), null)
            as compression_thickness_mm,
        if(count(distinct thickness_reached_mm) = 1, max(thickness_reached_mm), null)
            as thickness_reached_mm,
        'agd_combination' as drl_quantity,
        cast(sum({{ exact_decimal('average_glandular_dose_mgy') }}) as double) as lake_value,
        cast(null as varchar) as view_exclusion_reason
    from views
    where view_exclusion_reason is null and laterality is not null and image_view is not null
    group by facility_id, study_key, device_key, laterality, image_view
    having
        count(*) filter (where technique = '2d') = 1
        and count(*) filter (where technique = 'tomosynthesis') = 1

),

doses as (

    select
        facility_id,
        study_key,
        device_key,
        counted_event_key,
        event_index,
        view,
        compression_thickness_mm,
        thickness_reached_mm,
        if(technique = 'tomosynthesis', 'agd_tomosynthesis', 'agd') as drl_quantity,
        average_glandular_dose_mgy as lake_value,
        view_exclusion_reason,
        'MG' as modality
    from views

    union all by name

    select
        *,
        'MG' as modality
    from combinations

    union all by name

    select
        *,
        'DX' as modality
    from radiographs

),

-- The reason of an examination is that of all its views.
final as (

    select
        doses.facility_id,
        doses.study_key,
        examinations.modality,
        doses.counted_event_key,
        doses.event_index,
        doses.device_key,
        examinations.study_date,
        examinations.period,
        coalesce(doses.procedure_id, examinations.procedure_id) as procedure_id,
        examinations.rule_id,
        examinations.rule_version,
        patient_limit_combinations.patient_group_id,
        patient_limit_combinations.patient_group_ids,
        examinations.patient_weight_kg,
        examinations.has_partial_report,
        true as is_of_one_region,
        doses.view,
        doses.compression_thickness_mm,
        doses.drl_quantity,
        drl_quantities.factor * doses.lake_value as value,
        drl_quantities.unit,
        false as is_derived,
        false as is_from_total,
        case
            when examinations.exclusion_reason not in {{ without_group_reasons() }}
                then examinations.exclusion_reason
            when doses.view_exclusion_reason is not null then doses.view_exclusion_reason
            when patient_limit_combinations.patient_group_id is not null then null
            else {{ reason_without_group() }}
        end as exclusion_reason
    from doses
    inner join examinations on {{ is_same_examination('doses', 'examinations') }}
    inner join drl_quantities on doses.drl_quantity = drl_quantities.drl_quantity
    left join patient_limit_combinations
        on
            examinations.procedure_id = patient_limit_combinations.procedure_id
            and examinations.age_reached_days
            is not distinct from patient_limit_combinations.age_reached_days
            and examinations.weight_reached_kg
            is not distinct from patient_limit_combinations.weight_reached_kg
            and doses.thickness_reached_mm
            is not distinct from patient_limit_combinations.thickness_reached_mm

)

select * from final
