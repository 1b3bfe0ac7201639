{#- Reports of an examination with the totals that are used. Where several reports state totals,
    their Scope of Accumulation may overlap (PS3.16 TID 10001): totals that include each other are
    not added, but those of the largest report are used, and the sum of the distinct events where it
    equals them. Where neither doses nor scope tell what the totals cover, none is used. -#}
{% macro totals_used(reports) -%}
    with

    totalled as (

        select
            *,
            count(*) filter (
                where greatest(kap_gy_m2, air_kerma_rp_gy, fluoro_time_s, 0) > 0
            ) over examination as n_reports_totalled,
            coalesce(
                bool_or(is_overlapping or is_mixed or not has_totals) over examination, false
            ) as is_not_added,
            row_number() over (
                partition by facility_id, study_key, modality
                order by
                    kap_gy_m2 desc nulls last,
                    air_kerma_rp_gy desc nulls last,
                    fluoro_time_s desc nulls last,
                    report_key asc,
                    submission_id asc,
                    object_sha256 asc
            ) as size_rank
        from {{ reports }}
        window examination as (partition by facility_id, study_key, modality)

    ),

    covered as (

        select
            *,
            {{ totals_cover('kap_gy_m2', 'kap_of_events_gy_m2', 'n_with_kap') }} as by_kap,
            {{ totals_cover('air_kerma_rp_gy', 'air_kerma_of_events_gy', 'n_with_air_kerma') }}
                as by_air_kerma,
            {{ scope_covers('kap_gy_m2', 'kap_of_events_gy_m2', 'n_with_kap') }} as by_scope,
            case
                when n_reports_totalled < 2 or is_not_added then 'apart'
                else coalesce(by_kap, by_air_kerma, by_scope)
            end as cover
        from totalled
        window examination as (partition by facility_id, study_key, modality)

    )

    select
        * exclude (
            scope_of_accumulation,
            n_with_kap,
            kap_of_events_gy_m2,
            n_with_air_kerma,
            air_kerma_of_events_gy,
            n_reports_totalled,
            is_not_added,
            size_rank,
            by_kap,
            by_air_kerma,
            by_scope,
            cover
        ) replace (
            case
                when cover = 'apart' or (cover = 'overlapping' and by_kap is null) then kap_gy_m2
            end as kap_gy_m2,
            case when cover <> 'unknown' then air_kerma_rp_gy end as air_kerma_rp_gy,
            case when cover <> 'unknown' then fluoro_time_s end as fluoro_time_s
        ),
        cover = 'unknown' as is_total_of_unknown_scope
    from covered
    where cover <> 'overlapping' or size_rank = 1
{%- endmacro %}


{#- What the totals of several reports of an examination cover, told by one quantity: `apart` where
    their sum equals the sum of all distinct events (each total is of its own events), `overlapping`
    where the largest does (each total includes the earlier ones). NULL where an event or a report
    lacks the quantity, or where neither is equal. Equal means within 5 %, since devices round. -#}
{% macro totals_cover(quantity, of_events, n_with) -%}
    case
        when
            count({{ quantity }}) over examination < n_reports_totalled
            or sum({{ n_with }}) over examination < sum(n_counted_events) over examination
            then null
        when {{ is_near('sum(' ~ quantity ~ ')', 'sum(' ~ of_events ~ ')') }} then 'apart'
        when {{ is_near('max(' ~ quantity ~ ')', 'sum(' ~ of_events ~ ')') }} then 'overlapping'
    end
{%- endmacro %}


{#- Whether an aggregate over the examination is within 5 % of another. -#}
{% macro is_near(one, other) -%}
    {{ one }} over examination between
    0.95 * {{ other }} over examination and 1.05 * {{ other }} over examination
{%- endmacro %}


{#- What the totals cover where the doses do not tell, by Scope of Accumulation (PS3.16 CID 10000):
    totals of a series, a procedure step or an event are apart; a total of the study includes the
    others where it is at least the sum of all events. -#}
{% macro scope_covers(quantity, of_events, n_with) -%}
    case
        when
            bool_and(
                coalesce(
                    scope_of_accumulation in (
                        'series', 'performed_procedure_step', 'irradiation_event'
                    ),
                    false
                )
            ) over examination
            then 'apart'
        when
            bool_and(
                coalesce(
                    scope_of_accumulation in ('study', 'procedure_step_to_this_point'), false
                )
            ) over examination
            and sum({{ n_with }}) over examination = sum(n_counted_events) over examination
            and max({{ quantity }}) over examination > sum({{ of_events }}) over examination
            then 'overlapping'
        else 'unknown'
    end
{%- endmacro %}
