with

event_copies as (

    select * from {{ ref('int_xray_event_copies') }}

),

hard_limits as (

    {{ hard_limits(ref('hard_limits'), ref('drl_quantities'), 'acquisition') }}

),

-- Mammography uses means: a view whose dose is zero or missing is not used.
final as (

    select
        event_copies.* exclude (copy_number),
        coalesce(event_copies.modality = 'MG', false)
        and not coalesce(event_copies.average_glandular_dose_mgy > 0, false) as is_without_dose,
        {{ is_outside('event_copies.dose_area_product_gy_m2', 'kap') }}
        or {{ is_outside('event_copies.dose_rp_gy', 'air_kerma_rp') }}
        or {{ is_outside('event_copies.average_glandular_dose_mgy', 'agd') }}
            as is_outside_hard_limits
    from event_copies
    left join hard_limits on event_copies.modality = hard_limits.modality
    where event_copies.copy_number = 1

)

select * from final
