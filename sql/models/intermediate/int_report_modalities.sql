with

dose_reports as (

    select * from {{ ref('int_standing_dose_reports') }}

),

administrations as (

    select * from {{ ref('int_standing_radiopharmaceutical_administrations') }}

),

-- A report of a PET-CT may state the administration beside the CT.
final as (

    select
        facility_id,
        submission_id,
        object_sha256,
        study_key,
        modality
    from dose_reports

    union

    select
        facility_id,
        submission_id,
        object_sha256,
        study_key,
        'NM' as modality
    from administrations

)

select * from final
