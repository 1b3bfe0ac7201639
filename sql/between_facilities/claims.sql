{#- The facilities that have sent the same key, with the facts that decide between them. -#}
with

shared_keys as (

    select * from {{ ref('shared_keys') }}

),

reports as not materialized (

    select * from {{ ref('compared_reports') }}

),

declared_devices as (

    select * from {{ ref('stg_lake__declared_devices') }}

),

statements as (

    select * from {{ ref('stg_lake__device_statements') }}
    where statement = 'counts_at'

),

parts as (

    select
        part_hash,
        any_value(facility_id) as facility_id,
        any_value(device_key) as device_key,
        any_value(national_device_key) as national_device_key,
        min(study_date) as study_date
    from reports
    semi join shared_keys on reports.part_hash = shared_keys.part_hash
    group by part_hash

),

device_sizes as (

    select
        facility_id,
        device_key,
        count(distinct report_key) as n_reports_of_device
    from reports
    semi join parts
        on reports.facility_id = parts.facility_id and reports.device_key = parts.device_key
    group by facility_id, device_key

),

described as (

    select
        parts.*,
        shared_keys.key_hash,
        device_sizes.n_reports_of_device,
        declared_devices.device_key is not null as is_declared
    from shared_keys
    inner join parts on shared_keys.part_hash = parts.part_hash
    inner join device_sizes
        on
            parts.facility_id = device_sizes.facility_id
            and parts.device_key = device_sizes.device_key
    left join declared_devices
        on
            parts.facility_id = declared_devices.facility_id
            and parts.device_key = declared_devices.device_key

),

-- A statement may name the device by its key in the nation or at any of the facilities.
stated as (

    select distinct
        described.key_hash,
        statements.facility_id
    from described
    inner join statements
        on
            statements.device_key in (described.device_key, described.national_device_key)
            and coalesce(described.study_date >= statements.first_day, statements.first_day is null)
            and coalesce(described.study_date <= statements.last_day, statements.last_day is null)

),

final as (

    select
        described.*,
        stated.facility_id is not null as is_stated
    from described
    left join stated
        on
            described.key_hash = stated.key_hash
            and described.facility_id = stated.facility_id

)

select * from final
