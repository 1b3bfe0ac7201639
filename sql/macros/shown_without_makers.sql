{#- Whether a partition is shown, as a whole or not at all, without disclosing a manufacturer: every
    part has enough facilities (all_parts_large_enough) and manufacturers, no manufacturer has too
    large a share of the devices, and no facility too large a share of the count. A part without
    contributors discloses nothing. `needs` names the columns of `restricted` for these rules; a
    rule that the profile does not define is not applied. -#}
{% macro shown_without_makers(partition, needs, is_empty) -%}
    {%- if 'n_facilities' in needs -%}
        {{ all_parts_large_enough(
            partition, 'if(' ~ is_empty ~ ', profile.minimum_facilities, n_facilities)'
        ) }}
        and {% endif -%}
    bool_and(
        {{ is_empty }}
        or (
            {{ maker_rules(needs) }}
        )
    ) over (
        partition by
            {{ partition | join(',\n            ') }}
    )
{%- endmacro %}


{% macro maker_rules(needs) -%}
    {%- set rules = {
        'n_facilities': 'true',
        'n_manufacturers':
            'coalesce(restricted.n_manufacturers, 0)'
            ~ ' >= coalesce(profile.minimum_manufacturers, 0)',
        'largest_manufacturer_share':
            'coalesce(restricted.largest_manufacturer_share, 1)'
            ~ ' <= coalesce(profile.largest_manufacturer_share, 1)',
        'largest_facility_share':
            'coalesce(restricted.largest_facility_share, 1)'
            ~ ' <= coalesce(profile.largest_share, 1)',
    } -%}
    {%- for need in needs %}
            {{- rules[need] }}{{ '\n            and ' if not loop.last }}
    {%- else %}true{% endfor -%}
{%- endmacro %}


{#- Whether unknown cases may be shown: in every part either no facility or enough facilities
    contribute to them. -#}
{% macro all_unknown_parts_large_enough(partition) -%}
    {{ all_parts_large_enough(
        partition,
        'if(n_facilities_unknown = 0, profile.minimum_facilities, n_facilities_unknown)'
    ) }}
{%- endmacro %}


{#- Publishes a mart of the commitment report: counts in strata are shown for all strata of a
    partition or for none, and the key is kept. `columns` maps each public column to its kind of
    publication:
        word     unchanged (labels, and counts that belong to no facility)
        count    to the nearest multiple of the profile's count_rounding
        unknown  as count, and only where in every part no facility or enough facilities contribute
        coarse   a share to the nearest twentieth
        value    to the nearest step; lower and upper: outwards to the next step -#}
{% macro disclosed_whole(restricted, profile, key, partition, needs, columns, is_empty='false',
                         condition='true') -%}
    {%- for name in key %}
        judged.{{ name }},
    {%- endfor %}
    {%- for name, kind in columns.items() %}
        case when judged.is_shown then {{ public_form_of_strata('judged.' ~ name, kind) }} end
            as {{ name }},
    {%- endfor %}
        if(judged.is_shown, 'shown', 'suppressed') as disclosure,
        profile.profile_id as disclosure_profile
    from (
        select
            restricted.*,
            {% if 'unknown' in columns.values() %}
                {{ all_unknown_parts_large_enough(partition) }}
            {% else %}
                null
            {% endif %} as is_unknown_shown,
            {{ shown_without_makers(partition, needs, is_empty) }} as is_shown
        from {{ restricted }} as restricted
        cross join {{ profile }} as profile
        where {{ condition }}
    ) as judged
    cross join {{ profile }} as profile
{%- endmacro %}


{% macro public_form_of_strata(number, kind) -%}
    {%- if kind == 'unknown' -%}
        case when judged.is_unknown_shown then {{ to_multiple(number) }} end
    {%- elif kind == 'coarse' -%}
        round(round({{ number }} * 20) / 20, 2)
    {%- elif kind == 'lower' -%}
        {{ to_step(number, 'floor') }}
    {%- elif kind == 'upper' -%}
        {{ to_step(number, 'ceil') }}
    {%- else -%}
        {{ public_form(number, kind) }}
    {%- endif -%}
{%- endmacro %}
