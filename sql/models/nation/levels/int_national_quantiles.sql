with

distributions as (

    select * from {{ ref('int_national_distributions') }}

),

-- All statistics of a distribution; an empty definition means that of the method.
questions as (

    select
        listed.statistic,
        cast(listed.probability as double) as probability,
        listed.definition
    from (
        values
        ('p25', 0.25, null),
        ('p50', 0.5, null),
        ('p75', 0.75, null),
        ('p95', 0.95, null),
        ('level', null, null),
        ('achievable', null, null),
        ('p75_linear', 0.75, 'linear'),
        ('p75_weibull', 0.75, 'weibull'),
        ('p75_hazen', 0.75, 'hazen'),
        ('p75_inverted_cdf', 0.75, 'inverted_cdf')
    ) as listed (statistic, probability, definition)

),

asked as (

    select
        distributions.*,
        questions.statistic,
        coalesce(
            questions.probability,
            case questions.statistic
                when 'level' then distributions.percentile
                else distributions.achievable_percentile
            end
        ) as probability,
        coalesce(questions.definition, distributions.quantile_definition) as definition
    from distributions
    cross join questions

),

-- Limits are valid only where each unit counts once, not where units are weighted by volume.
sizes as (

    select distinct
        n_units as n,
        probability
    from asked
    where weighting = 'equal' and statistic in ('p25', 'p50', 'p75', 'level')

),

binomial_limits as (

    {{ binomial_ranks('sizes') }}

),

bootstrap_limits as (

    {{ bootstrap_ranks('sizes') }}

),

ranked as (

    select
        asked.*,
        {{ quantile_rank('asked.n_positions', 'asked.probability', 'asked.definition') }}
            as value_rank,
        binomial_limits.lower_rank,
        binomial_limits.upper_rank,
        bootstrap_limits.lower_rank as bootstrap_lower_rank,
        bootstrap_limits.upper_rank as bootstrap_upper_rank
    from asked
    left join binomial_limits
        on
            asked.n_units = binomial_limits.n
            and asked.probability = binomial_limits.probability
            and asked.weighting = 'equal'
    left join bootstrap_limits
        on
            asked.n_units = bootstrap_limits.n
            and asked.probability = bootstrap_limits.probability
            and asked.weighting = 'equal'

),

final as (

    select
        {{ national_key() }},
        statistic,
        {{ value_at('typical_values', 'last_positions', 'value_rank') }} as value,
        typical_values[lower_rank] as lower_limit,
        typical_values[upper_rank] as upper_limit,
        typical_values[bootstrap_lower_rank] as bootstrap_lower_limit,
        typical_values[bootstrap_upper_rank] as bootstrap_upper_limit
    from ranked

)

select * from final
