with

dose_reports as (

    select * from {{ ref('int_counted_reports_dose_reports') }}

),

administrations as (

    select * from {{ ref('stg_lake__radiopharmaceutical_administrations') }}

),

-- A report of a PET-CT may contain the administration in addition to the CT.
final as (

    select distinct
        administrations.facility_id,
        administrations.submission_id,
        administrations.object_sha256,
        administrations.study_key,
        'NM' as modality
    from administrations
    inner join dose_reports
        on
            administrations.submission_id = dose_reports.submission_id
            and administrations.object_sha256 = dose_reports.object_sha256
    where dose_reports.modality <> 'NM'

)

select * from final
