-- Age of the installed base of the whole nation, compared with the golden rules, in the newest
-- period with a national level, else in the one in which most facilities count. One row per
-- modality and age band. Single countries and other periods are in age_profile.
with

shown as (

    select * from age_profile
    where disclosure = 'shown' and country = 'all'

),

levels as (

    select distinct period from national_drls
    where method_id = 'drlake_first_line' and disclosure = 'shown' and status = 'ndrl'

),

-- The newest period with a national level, else the one in which most facilities count.
periods as (

    select
        shown.period,
        row_number() over (
            order by
                max(levels.period) desc nulls last,
                max(shown.n_facilities) desc nulls last,
                shown.period desc
        ) as place
    from shown
    left join levels on shown.period = levels.period
    group by shown.period

),

newest as (

    select shown.*
    from shown
    inner join periods on shown.period = periods.period
    where periods.place = 1

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
