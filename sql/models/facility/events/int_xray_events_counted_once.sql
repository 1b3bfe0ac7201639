with

event_copies as (

    select * from {{ ref('int_xray_event_copies') }}

),

-- Mammography uses means: a view whose dose is zero or missing is not used.
final as (

    select
        * exclude (copy_number),
        coalesce(modality = 'MG', false) and not coalesce(average_glandular_dose_mgy > 0, false)
            as is_without_dose
    from event_copies
    where copy_number = 1

)

select * from final
