{#- One row per modality with the hard limits of one scope, in the units of the lake:
    `<quantity>_lower` and `<quantity>_upper`, and the limits of CTDIvol on each phantom. NULL
    where there is none. -#}
{% macro hard_limits(limits, drl_quantities, scope) -%}
    select
        limits.modality,
    {%- for quantity in [
        'ctdivol', 'dlp', 'ssde', 'kap', 'air_kerma_rp', 'fluoro_time', 'agd',
        'administered_activity',
    ] %}
        min(limits.lower / quantities.factor) filter (limits.drl_quantity = '{{ quantity }}')
            as {{ quantity }}_lower,
        max(limits.upper / quantities.factor) filter (limits.drl_quantity = '{{ quantity }}')
            as {{ quantity }}_upper,
    {%- endfor %}
    {%- for phantom in ['head_16cm', 'body_32cm'] %}
        max(limits.upper) filter (
            limits.drl_quantity = 'ctdivol'
            and coalesce(limits.phantom, '{{ phantom }}') = '{{ phantom }}'
        ) as ctdivol_{{ phantom }}_upper{{ ',' if not loop.last }}
    {%- endfor %}
    from {{ limits }} as limits
    inner join {{ drl_quantities }} as quantities on limits.drl_quantity = quantities.drl_quantity
    where limits.scope = '{{ scope }}'
    group by limits.modality
{%- endmacro %}


{#- Whether a value lies outside the hard limits of a quantity. A value of zero or NULL does not:
    it has reasons of its own (no_dose). -#}
{% macro is_outside(value, quantity) -%}
    coalesce(
        {{ value }} > hard_limits.{{ quantity }}_upper
        or ({{ value }} > 0 and {{ value }} < hard_limits.{{ quantity }}_lower),
        false
    )
{%- endmacro %}


{#- Whether a total of an examination lies outside the hard limits of its quantity. -#}
{% macro is_examination_outside(examinations) -%}
    {%- for quantity, column in {
        'dlp': 'dlp_mgy_cm', 'kap': 'kap_gy_m2', 'air_kerma_rp': 'air_kerma_rp_gy',
        'fluoro_time': 'fluoro_time_s', 'administered_activity': 'administered_activity_mbq',
    }.items() -%}
        {{ is_outside(examinations ~ '.' ~ column, quantity) }}{{ ' or ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
