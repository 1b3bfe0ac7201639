{#- Ranks of the order statistics that bound a quantile with 95 % confidence, whatever the
    distribution. `sizes` is a relation of (n, probability), one row for each pair that occurs; the
    result has n, probability, lower_rank and upper_rank (from 1, in ascending order):
    lower_rank is the largest l with P(Bin(n, p) <= l - 1) <= 0.025, upper_rank the smallest u with
    P(Bin(n, p) >= u) <= 0.025; NULL where there is none, because that limit is not finite.
    P75: 15 -> 8..15, 20 -> 11..19, 100 -> 66..84, two-sided from 13 on.

        sizes as (select distinct n_examinations as n, 0.5 as probability from ...),
        ranks as ({{ binomial_ranks('sizes') }})
-#}
{% macro binomial_ranks(sizes) -%}
    with

    {{ binomial_terms(sizes) }},

    -- Each tail is summed from its end, smallest term first, to avoid rounding loss.
    tails as (

        select
            n,
            probability,
            k,
            sum(term) over (
                partition by n, probability order by k asc rows unbounded preceding
            ) as at_most_k,
            sum(term) over (
                partition by n, probability order by k desc rows unbounded preceding
            ) as at_least_k
        from binomial_terms

    ),

    final as (

        select
            n,
            probability,
            max(k) filter (where at_most_k <= 0.025 and k < n) + 1 as lower_rank,
            min(k) filter (where at_least_k <= 0.025 and k > 0) as upper_rank
        from tails
        group by n, probability

    )

    select * from final
{%- endmacro %}


{#- CTE binomial_terms: P(Bin(n, p) = k) for every relevant k. Terms more than nine standard
    deviations (plus nine) away add less than 1e-14 and are left out, so that n needs about 20 *
    sqrt(n) rows. -#}
{% macro binomial_terms(sizes) -%}
    binomial_reaches as (

        select distinct
            cast(n as bigint) as n,
            cast(probability as double) as probability,
            cast(n as double) * probability as center,
            9 * sqrt(cast(n as double) * probability * (1 - probability)) + 9 as reach
        from {{ sizes }}
        where n > 0 and probability > 0 and probability < 1

    ),

    binomial_outcomes as (

        select
            n,
            probability,
            unnest(
                generate_series(
                    greatest(0, cast(floor(center - reach) as bigint)),
                    least(n, cast(ceil(center + reach) as bigint))
                )
            ) as k
        from binomial_reaches

    ),

    binomial_terms as (

        select
            n,
            probability,
            k,
            {{ binomial_term('n', 'k', 'probability') }} as term
        from binomial_outcomes

    )
{%- endmacro %}


{#- P(Bin(n, p) = k), computed with logarithms; relative error about 1e-12. -#}
{% macro binomial_term(n, k, probability) -%}
    exp(
        lgamma({{ n }} + 1.0) - lgamma({{ k }} + 1.0) - lgamma({{ n }} - {{ k }} + 1.0)
        + {{ k }} * ln({{ probability }}) + ({{ n }} - {{ k }}) * ln(1 - {{ probability }})
    )
{%- endmacro %}
