with

final as (

    select distinct
        age_band_label,
        age_band_definition,
        rule,
        rule_share
    from age_profile
    order by rule_share desc

)

select * from final
