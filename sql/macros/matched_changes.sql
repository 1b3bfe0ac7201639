{#- Change of typical values since an earlier period, over the units (facilities, or devices) that
    have a sufficient one in both: the median of the ratios of each unit, with 95 % limits from the
    ranks of exact binomial tails. Facilities that came or left do not change it. `previous` has the
    national key and previous_period. -#}
{% macro matched_changes(previous, typical_values) -%}
with

pairs as (

    select
        later.method_id,
        later.method_version,
        later.period,
        later.procedure_id,
        later.patient_group_id,
        later.drl_quantity,
        later.facility_id,
        later.typical_value / earlier.typical_value as ratio
    from {{ previous }} as asked
    inner join {{ typical_values }} as later
        on
            {{ is_same_cell('asked', 'later') }}
    inner join {{ typical_values }} as earlier
        on
            {{ is_same_statistic('later', 'earlier') }}
            and asked.previous_period = earlier.period
            and later.facility_id = earlier.facility_id
            and later.device_key is not distinct from earlier.device_key
    where
        later.is_sufficient
        and earlier.is_sufficient
        and later.typical_value > 0
        and earlier.typical_value > 0

),

matched as (

    select
        {{ national_key() }},
        count(*) as n_units,
        count(distinct facility_id) as n_matched_facilities,
        list_sort(list(ratio)) as ratios
    from pairs
    group by {{ national_key() }}

),

sizes as (

    select distinct
        n_units as n,
        0.5 as probability
    from matched

),

ranks as (

    {{ binomial_ranks('sizes') }}

)

select
    {{ national_key() }},
    matched.n_matched_facilities,
    {{ linear_quantile('matched.ratios', 'matched.n_units', 0.5) }} as matched_ratio,
    matched.ratios[ranks.lower_rank] as matched_ratio_lower,
    matched.ratios[ranks.upper_rank] as matched_ratio_upper
from matched
left join ranks on matched.n_units = ranks.n
{%- endmacro %}
