{{ config(schema='core') }}

with

dose_reports as (

    select * from {{ ref('int_counted_reports_dose_reports') }}

),

-- Manufacturer and model are those of the newest report: software changes, the device does not.
final as (

    select
        facility_id,
        device_key,
        last(manufacturer order by study_date nulls first, report_key, object_sha256)
            as manufacturer,
        last(model_name order by study_date nulls first, report_key, object_sha256) as model_name,
        last(software_versions order by study_date nulls first, report_key, object_sha256)
            as software_versions,
        min(modality) as modality,
        count(*) as n_reports,
        min(study_date) as first_study_date,
        max(study_date) as last_study_date
    from dose_reports
    group by facility_id, device_key

)

select * from final
