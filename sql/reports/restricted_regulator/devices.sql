with

procedures as (

    select * from reference.procedures

),

final as (

    select
        devices.facility_id,
        devices.device_key,
        procedures.label as procedure_label,
        patient_groups.label as patient_group_label,
        devices.drl_quantity,
        devices.unit,
        devices.n_examinations,
        devices.factor,
        devices.national_level,
        devices.level_with_device,
        coalesce(devices.statement, 'unit_shifted') as reason,
        if(devices.is_left_out, 'yes', 'no') as is_left_out
    from marts.devices_left_out as devices
    inner join procedures on devices.procedure_id = procedures.procedure_id
    inner join reference.patient_groups as patient_groups
        on devices.patient_group_id = patient_groups.group_id
    where
        devices.method_id = $method_id
        and devices.period = $period
    order by
        devices.facility_id,
        devices.device_key,
        procedures.label,
        patient_groups.label,
        devices.drl_quantity

)

select * from final
