with

administrations as (

    select * from {{ ref('int_administrations_counted_once') }}

),

-- Activities of one radionuclide are added (rest and stress); a missing activity is not zero.
final as (

    select
        facility_id,
        study_key,
        modality,
        count(*) as n_events,
        count(distinct radionuclide) as n_radionuclides,
        bool_or(is_without_uid) as is_without_uid,
        bool_or(is_contradicted) as is_contradicted,
        case
            when count(administered_activity_mbq) = n_events and n_radionuclides <= 1
                then
                    sum(
                        administered_activity_mbq
                        order by administered_activity_mbq, counted_event_key
                    )
        end as administered_activity_mbq
    from administrations
    group by facility_id, study_key, modality

)

select * from final
