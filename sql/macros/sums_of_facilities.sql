{#- Sums over facilities, with the measures that decide whether a sum may be shown (macro
    is_safe_sum): number of contributing facilities and size of the largest contributions.
    `relation` has facility_id, n and the key columns. -#}
{% macro sums_of_facilities(relation, key) -%}
    with

    of_facilities as (

        select
            {{ key | join(', ') }},
            facility_id,
            sum(n) as facility_n
        from {{ relation }}
        group by all

    ),

    listed as (

        select
            {{ key | join(', ') }},
            cast(sum(facility_n) as bigint) as n,
            count(*) filter (where facility_n > 0) as n_facilities,
            list_reverse_sort(list(facility_n)) as descending_parts
        from of_facilities
        group by {{ key | join(', ') }}

    )

    select
        * exclude (descending_parts),
        descending_parts[1] / nullif(n, 0) as largest_share,
        list_sum(list_slice(descending_parts, 1, 2)) / nullif(n, 0) as two_largest_share
    from listed
{%- endmacro %}
