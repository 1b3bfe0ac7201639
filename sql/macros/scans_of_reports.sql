{#- The events of reports, each as a text that is equal for equal scans, whatever their UIDs: start
    where the event states one, and doses to three digits (a second program may round them). Equal
    scans of one report are numbered. -#}
{% macro scans_of_reports(reports, ct_events, xray_events, administrations) -%}
    with

    events as (

        select
            submission_id,
            object_sha256,
            event_key,
            event_index,
            cast(null as varchar) as started_at,
            'ct' as kind,
            [mean_ctdivol_mgy, dlp_mgy_cm] as doses
        from ({{ rows_of_reports(ct_events, reports) }})

        union all

        select
            submission_id,
            object_sha256,
            event_key || coalesce('.' || acquisition_plane, '') as event_key,
            event_index,
            started_at,
            coalesce(acquisition_plane, 'xray') as kind,
            [dose_area_product_gy_m2, dose_rp_gy, average_glandular_dose_mgy] as doses
        from ({{ rows_of_reports(xray_events, reports) }})

        union all

        select
            submission_id,
            object_sha256,
            event_key,
            event_index,
            started_at,
            coalesce(radionuclide, 'administration') as kind,
            [administered_activity_mbq] as doses
        from ({{ rows_of_reports(administrations, reports) }})

    ),

    described as (

        select
            reports.facility_id,
            reports.study_key,
            reports.report_key,
            reports.irradiation_started_at,
            reports.irradiation_ended_at,
            events.submission_id,
            events.object_sha256,
            events.event_index,
            coalesce(events.event_key, reports.report_key || '.' || events.event_index)
                as event_key,
            coalesce(list_max(events.doses) > 0, false) as is_with_dose,
            {{ is_moment('events.started_at') }} as is_timed,
            concat_ws(
                ' ',
                events.kind,
                case when is_timed then left(events.started_at, 19) end,
                cast(list_transform(events.doses, lambda dose: format('{:.2e}', dose)) as varchar)
            ) as scan
        from events
        inner join {{ reports }} as reports
            on
                events.submission_id = reports.submission_id
                and events.object_sha256 = reports.object_sha256

    )

    select
        *,
        row_number() over (
            partition by submission_id, object_sha256, scan
            order by event_index
        ) as number_of_equal
    from described
{%- endmacro %}


{#- Whether a date and time has a time of day; midnight means that the time was removed. -#}
{% macro is_moment(moment) -%}
    coalesce(
        regexp_matches({{ moment }}, 'T\d\d:\d\d')
        and not regexp_matches({{ moment }}, 'T00:00(:00([.]0+)?)?([+-]|$)'),
        false
    )
{%- endmacro %}


{#- Whether the irradiation of one report is that of another, or the beginning of it where the
    other report has more scans. -#}
{% macro is_of_the_same_time(one, other) -%}
    (
        {{ is_moment(one ~ '.irradiation_started_at') }}
        and left({{ one }}.irradiation_started_at, 19) = left({{ other }}.irradiation_started_at, 19)
        and coalesce(
            left({{ one }}.irradiation_ended_at, 19) = left({{ other }}.irradiation_ended_at, 19)
            or (
                {{ one }}.n_scans < {{ other }}.n_scans
                and {{ one }}.irradiation_ended_at < {{ other }}.irradiation_ended_at
            ),
            true
        )
    )
{%- endmacro %}
