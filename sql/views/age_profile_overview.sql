-- Age of the installed base of the whole nation in its newest period, compared with the golden
-- rules. One row per modality and age band. Single countries are in age_profile.
with

shown as (

    select * from age_profile
    where disclosure = 'shown' and country = 'all'

),

newest as (

    select * from shown
    qualify dense_rank() over (order by period desc) = 1

),

final as (

    select
        modality,
        age_band_label,
        n_devices,
        share,
        rule,
        rule_share,
        is_met,
        n_age_unknown,
        n_facilities,
        age_band_definition,
        period,
        age_band_id
    from newest
    order by
        modality,
        array_position(['up_to_5', 'from_6_to_10', 'over_10'], age_band_id),
        age_band_id

)

select * from final
