with

distributions as (

    select * from {{ ref('int_national_distributions') }}

),

quantiles as (

    select * from {{ ref('int_national_quantiles') }}

),

facility_typical_values as (

    select * from {{ ref('facility_typical_values') }}

),

methods as (

    select * from {{ ref('methods') }}

),

-- Back to one row per distribution.
side_by_side as (

    select
        {{ national_key() }},
        max(value) filter (where statistic = 'p25') as p25,
        max(lower_limit) filter (where statistic = 'p25') as p25_lower,
        max(upper_limit) filter (where statistic = 'p25') as p25_upper,
        max(value) filter (where statistic = 'p50') as p50,
        max(lower_limit) filter (where statistic = 'p50') as p50_lower,
        max(upper_limit) filter (where statistic = 'p50') as p50_upper,
        max(value) filter (where statistic = 'p75') as p75,
        max(lower_limit) filter (where statistic = 'p75') as p75_lower,
        max(upper_limit) filter (where statistic = 'p75') as p75_upper,
        max(value) filter (where statistic = 'p95') as p95,
        max(value) filter (where statistic = 'level') as level_value,
        max(lower_limit) filter (where statistic = 'level') as level_lower,
        max(upper_limit) filter (where statistic = 'level') as level_upper,
        max(bootstrap_lower_limit) filter (where statistic = 'level') as level_bootstrap_lower,
        max(bootstrap_upper_limit) filter (where statistic = 'level') as level_bootstrap_upper,
        max(value) filter (where statistic = 'achievable') as achievable,
        max(value) filter (where statistic = 'p75_linear') as p75_linear,
        max(value) filter (where statistic = 'p75_weibull') as p75_weibull,
        max(value) filter (where statistic = 'p75_hazen') as p75_hazen,
        max(value) filter (where statistic = 'p75_inverted_cdf') as p75_inverted_cdf
    from quantiles
    group by {{ national_key() }}

),

of_units as (

    select
        distributions.* exclude (
            weighting,
            quantile_definition,
            percentile,
            achievable_percentile,
            n_positions,
            typical_values,
            last_positions
        ),
        side_by_side.* exclude ({{ national_key() }})
    from distributions
    inner join side_by_side
        on
            {{ is_same_cell('distributions', 'side_by_side') }}

),

-- Examinations pooled over the nation: the row is the distribution. It is not known how similar
-- examinations of one facility are, so no limits are given.
of_examinations as (

    select
        pooled.method_id,
        pooled.method_version,
        pooled.period,
        pooled.procedure_id,
        pooled.patient_group_id,
        pooled.drl_quantity,
        pooled.procedure_label,
        pooled.patient_group_label,
        pooled.unit,
        pooled.n_facilities,
        pooled.n_examinations as n_units,
        pooled.n_examinations,
        pooled.p25,
        pooled.p50,
        pooled.p75,
        pooled.p95,
        {{ percentile_of_row('pooled', 'methods.percentile') }} as level_value,
        {{ percentile_of_row('pooled', 'methods.achievable_percentile') }} as achievable
    from facility_typical_values as pooled
    inner join methods
        on
            pooled.method_id = methods.method_id
            and pooled.method_version = methods.method_version
            and methods.unit_of_analysis = 'examination'
    where pooled.is_sufficient

),

statistics as (

    select * from of_units

    union all by name

    select * from of_examinations

),

-- Fewer than ten facilities do not represent a nation, whatever minimum a method has.
final as (

    select
        statistics.*,
        {{ method_property('rounding_step', 'methods', 'statistics') }} as rounding_step,
        coalesce(
            {{ method_property('rounding_digits', 'methods', 'statistics') }}, methods.rounding
        ) as rounding,
        statistics.n_facilities >= greatest(methods.minimum_facilities, 10)
        and statistics.level_value is not null as is_ndrl
    from statistics
    inner join methods
        on
            statistics.method_id = methods.method_id
            and statistics.method_version = methods.method_version

)

select * from final
