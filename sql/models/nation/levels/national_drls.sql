{{ config(schema='marts', contract={'enforced': true}) }}

with

levels as (

    select * from {{ ref('int_national_levels') }}

),

typical_values as (

    select * from {{ ref('facility_typical_values') }}

),

-- Latest earlier period with an NDRL: surveys are not made every year.
previous as (

    select
        {{ national_key() }},
        lag(period) over national_series as previous_period,
        lag(level_value) over national_series as previous_level,
        lag(level_lower) over national_series as previous_lower,
        lag(level_upper) over national_series as previous_upper
    from levels
    where is_ndrl
    window national_series as (
        partition by method_id, method_version, procedure_id, patient_group_id, drl_quantity
        order by period
    )

),

-- The verdict follows from the facilities of both periods, whatever others came or left.
matched as (

    {{ matched_changes('previous', 'typical_values') }}

),

compared as (

    select
        levels.*,
        previous.previous_period,
        previous.previous_level,
        levels.level_value / nullif(previous.previous_level, 0) as change_ratio,
        {{ ratio_lower_limit(
            'levels.level_value', 'levels.level_lower', 'previous.previous_level', 'previous.previous_upper'
        ) }} as change_ratio_lower,
        {{ ratio_upper_limit(
            'levels.level_value', 'levels.level_upper', 'previous.previous_level', 'previous.previous_lower'
        ) }} as change_ratio_upper,
        matched.n_matched_facilities,
        matched.matched_ratio,
        matched.matched_ratio_lower,
        matched.matched_ratio_upper
    from levels
    left join previous
        on
            {{ is_same_cell('levels', 'previous') }}
    left join matched
        on
            {{ is_same_cell('levels', 'matched') }}

),

final as (

    select
        {{ national_key() }},
        procedure_label,
        patient_group_label,
        unit,
        cast(n_facilities as bigint) as n_facilities,
        cast(n_units as bigint) as n_units,
        cast(n_examinations as bigint) as n_examinations,
        p25,
        p25_lower,
        p25_upper,
        p50,
        p50_lower,
        p50_upper,
        p75,
        p75_lower,
        p75_upper,
        p95,
        case when is_ndrl then level_value end as national_drl,
        case
            when is_ndrl
                then {{ rounded_as_stated('level_value', 'rounding_step', 'rounding') }}
        end as national_drl_rounded,
        case when is_ndrl then level_lower end as national_drl_lower,
        case when is_ndrl then level_upper end as national_drl_upper,
        case when is_ndrl then level_bootstrap_lower end as national_drl_bootstrap_lower,
        case when is_ndrl then level_bootstrap_upper end as national_drl_bootstrap_upper,
        case when is_ndrl then achievable end as achievable_dose,
        case
            when is_ndrl
                then {{ rounded_as_stated('achievable', 'rounding_step', 'rounding') }}
        end as achievable_dose_rounded,
        case
            when level_lower is not null and level_upper is not null then 'two_sided'
            when level_lower is not null then 'lower_only'
            else 'none'
        end as interval_status,
        p75_linear,
        p75_weibull,
        p75_hazen,
        p75_inverted_cdf,
        greatest(
            abs(p75_linear / nullif(p75, 0) - 1),
            abs(p75_weibull / nullif(p75, 0) - 1),
            abs(p75_hazen / nullif(p75, 0) - 1),
            abs(p75_inverted_cdf / nullif(p75, 0) - 1)
        ) as definition_sensitivity,
        p75 / nullif(p25, 0) as spread_ratio,
        case when is_ndrl then 'ndrl' else 'typical_value' end as status,
        cast(previous_period as integer) as previous_period,
        previous_level as previous_national_drl,
        change_ratio,
        change_ratio_lower,
        change_ratio_upper,
        case when previous_period is not null then coalesce(n_matched_facilities, 0) end
            as n_matched_facilities,
        matched_ratio,
        matched_ratio_lower,
        matched_ratio_upper,
        case
            when not is_ndrl then null
            when previous_period is null then 'no_previous'
            else {{ change_verdict('matched_ratio_lower', 'matched_ratio_upper') }}
        end as change_verdict
    from compared

)

select * from final
