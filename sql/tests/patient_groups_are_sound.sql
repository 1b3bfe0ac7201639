-- Limits are in order, size limits have a size_basis, and each group has at least one condition.
with

patient_groups as (

    select * from {{ ref('patient_groups') }}

),

final as (

    select group_id
    from patient_groups
    where
        age_lower_days >= age_upper_days
        or weight_lower_kg >= weight_upper_kg
        or size_lower_mm >= size_upper_mm
        or (size_basis is null) <> (coalesce(size_lower_mm, size_upper_mm) is null)
        or coalesce(
            age_lower_days, age_upper_days, weight_lower_kg, weight_upper_kg, size_lower_mm,
            size_upper_mm
        ) is null

)

select * from final
