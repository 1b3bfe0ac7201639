with

own_facility as (

    select * from marts.facility_attendance
    where facility_id = $facility_id

),

own_values as (

    select * from marts.facility_drl_comparisons
    where
        facility_id = $facility_id
        and method_id = $method_id
        and period = $period

),

own_labels as (

    select * from marts.facility_typical_values
    where
        facility_id = $facility_id
        and method_id = $method_id
        and period = $period
        and is_sufficient

),

peers as (

    select * from public.public_peer_doses
    where
        method_id = $method_id
        and period = $period
        and disclosure = 'shown'

),

final as (

    select
        peers.procedure_label,
        peers.patient_group_label,
        own_values.drl_quantity,
        left(own_values.device_key, 8) as device,
        own_values.unit,
        own_values.typical_value,
        peers.p25,
        peers.p50,
        peers.p75,
        peers.n_facilities
    from own_values
    inner join own_labels
        on
            own_values.method_version = own_labels.method_version
            and own_values.procedure_id = own_labels.procedure_id
            and own_values.patient_group_id = own_labels.patient_group_id
            and own_values.drl_quantity = own_labels.drl_quantity
            and own_values.device_key is not distinct from own_labels.device_key
    inner join own_facility on true
    inner join peers
        on
            own_values.method_version = peers.method_version
            and own_values.procedure_id = peers.procedure_id
            and own_values.patient_group_id = peers.patient_group_id
            and own_values.drl_quantity = peers.drl_quantity
            and coalesce(own_facility.facility_type, 'unknown') = peers.peer_group
    order by
        peers.procedure_label,
        peers.procedure_id,
        peers.patient_group_id <> 'adult',
        peers.patient_group_label,
        peers.patient_group_id,
        peers.drl_quantity,
        own_values.device_key

)

select * from final
