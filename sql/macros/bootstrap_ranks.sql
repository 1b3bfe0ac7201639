{#- Ranks of the 95 % percentile interval of the bootstrap, in closed form: no random numbers.
    A bootstrap sample draws n of the n values with replacement; its k-th order statistic X*(k) is
    at most the i-th value x(i) with P(Bin(n, i/n) >= k). The linear quantile (type 7) of such a
    sample lies between X*(k) and X*(k + 1), where k is the integer part of h = (n - 1) p + 1.
    lower_rank is the smallest i with P(X*(floor h) <= x(i)) >= 0.025, upper_rank the smallest i
    with P(X*(ceil h) <= x(i)) >= 0.975: the exact interval of the linear quantile where h is
    a whole number, and one that encloses it otherwise.

    `sizes` and the result are as in binomial_ranks; here both ranks always exist. -#}
{% macro bootstrap_ranks(sizes) -%}
    with

    {{ bootstrap_candidates(sizes) }},

    -- The tail that defines the limit: at least k for the lower limit, less than k for the upper.
    tail_terms as (

        select
            n,
            probability,
            side,
            candidate_rank,
            unnest(
                case side
                    when 'lower' then generate_series(
                        k, least(n, cast(ceil(candidate_rank + reach) as bigint))
                    )
                    else generate_series(
                        greatest(0, cast(floor(candidate_rank - reach) as bigint)), k - 1
                    )
                end
            ) as hits
        from bootstrap_candidates

    ),

    tails as (

        select
            n,
            probability,
            side,
            candidate_rank,
            sum(
                {{ binomial_term('n', 'hits', 'candidate_rank / n') }}
                order by hits
            ) as tail
        from tail_terms
        group by n, probability, side, candidate_rank

    ),

    -- Every sample is at most x(n), so it is the result where there is no other candidate.
    final as (

        select
            bootstrap_sizes.n,
            bootstrap_sizes.probability,
            coalesce(
                min(tails.candidate_rank) filter (where tails.side = 'lower' and tails.tail >= 0.025),
                bootstrap_sizes.n
            ) as lower_rank,
            coalesce(
                min(tails.candidate_rank) filter (where tails.side = 'upper' and tails.tail <= 0.025),
                bootstrap_sizes.n
            ) as upper_rank
        from bootstrap_sizes
        left join tails
            on
                bootstrap_sizes.n = tails.n
                and bootstrap_sizes.probability = tails.probability
        group by bootstrap_sizes.n, bootstrap_sizes.probability

    )

    select * from final
{%- endmacro %}


{#- CTE bootstrap_candidates: per size and side, the order statistic k and the candidate ranks of
    the limit: eight to either side of Wilson's approximation, below n. -#}
{% macro bootstrap_candidates(sizes) -%}
    bootstrap_sizes as (

        select distinct
            cast(n as bigint) as n,
            cast(probability as double) as probability,
            round((cast(n as double) - 1) * probability + 1, 9) as h
        from {{ sizes }}
        where n > 0 and probability > 0 and probability < 1

    ),

    bootstrap_sides as (

        select
            n,
            probability,
            'lower' as side,
            cast(floor(h) as bigint) as k,
            -1.96 as z
        from bootstrap_sizes

        union all

        select
            n,
            probability,
            'upper' as side,
            cast(ceil(h) as bigint) as k,
            1.96 as z
        from bootstrap_sizes

    ),

    bootstrap_centers as (

        select
            n,
            probability,
            side,
            k,
            cast(
                (k - 0.5 + z * z / 2 + z * sqrt((k - 0.5) * (1 - (k - 0.5) / n) + z * z / 4))
                / (1 + z * z / n) as bigint
            ) as center
        from bootstrap_sides

    ),

    bootstrap_ranks_tried as (

        select
            n,
            probability,
            side,
            k,
            unnest(generate_series(greatest(1, center - 8), least(n - 1, center + 8)))
                as candidate_rank
        from bootstrap_centers

    ),

    bootstrap_candidates as (

        select
            *,
            9 * sqrt(candidate_rank * (1 - candidate_rank / n)) + 9 as reach
        from bootstrap_ranks_tried

    )
{%- endmacro %}
