with

administrations as (

    select * from {{ ref('int_administrations_counted_once') }}

),

hard_limits as (

    {{ hard_limits(ref('hard_limits'), ref('drl_quantities'), 'acquisition') }}

),

-- Activities of one radionuclide are added (rest and stress); a missing activity is not zero.
final as (

    select
        administrations.facility_id,
        administrations.study_key,
        administrations.modality,
        count(*) as n_events,
        count(distinct radionuclide) as n_radionuclides,
        bool_or(is_without_uid) as is_without_uid,
        bool_or(is_contradicted) as is_contradicted,
        bool_or({{ is_outside('administered_activity_mbq', 'administered_activity') }})
            as is_outside_hard_limits,
        case
            when count(administered_activity_mbq) = n_events and n_radionuclides <= 1
                then
                    sum(
                        administered_activity_mbq
                        order by administered_activity_mbq, counted_event_key
                    )
        end as administered_activity_mbq
    from administrations
    left join hard_limits on hard_limits.modality = 'NM'
    group by all

)

select * from final
