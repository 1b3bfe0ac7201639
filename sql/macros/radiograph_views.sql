{#- Views of radiographs: one row per irradiation event and procedure of one view that it belongs to.
    That is the procedure of its examination, if a name states one view (unless the event is of
    another), and each narrower procedure of the event's view: the PA image of a chest examination
    is a view of dx_chest_pa. An event that does not state its view belongs to those of any view. -#}
{% macro radiograph_views(events, views_stated, dose_reports, examinations, procedures) -%}
    with

    of_one_view as (

        select
            narrow.procedure_id,
            narrow.view as procedure_view,
            unnest([narrow.procedure_id, broader.procedure_id, broader.broader_id])
                as examination_procedure_id
        from {{ procedures }} as narrow
        left join {{ procedures }} as broader on narrow.broader_id = broader.procedure_id
        where narrow.view is not null and narrow.modality = 'DX'

    ),

    -- A few texts occur in all reports: each is read once.
    texts as (

        select
            image_view,
            {{ radiograph_view(normalised_text('image_view')) }} as view
        from (select distinct image_view from {{ views_stated }})

    )

    select
        events.facility_id,
        events.study_key,
        dose_reports.device_key,
        events.counted_event_key,
        events.event_index,
        texts.view,
        of_one_view.procedure_id,
        events.dose_area_product_gy_m2 as lake_value,
        if(coalesce(lake_value, 0) > 0, null, 'no_dose') as view_exclusion_reason,
        'kap' as drl_quantity
    from {{ events }} as events
    inner join {{ views_stated }} as stated
        on
            events.submission_id = stated.submission_id
            and events.object_sha256 = stated.object_sha256
            and events.event_index = stated.event_index
    inner join {{ dose_reports }} as dose_reports
        on
            events.submission_id = dose_reports.submission_id
            and events.object_sha256 = dose_reports.object_sha256
    inner join {{ examinations }} as examinations
        on {{ is_same_examination('events', 'examinations') }}
    inner join of_one_view
        on examinations.procedure_id = of_one_view.examination_procedure_id
    left join texts on stated.image_view = texts.image_view
    where
        events.copy_number = 1
        and events.modality = 'DX'
        and coalesce(
            {{ is_view_of('texts.view', 'of_one_view.procedure_view') }},
            of_one_view.procedure_id = examinations.procedure_id
        )
{%- endmacro %}


{#- The view of a radiograph as one word, from the code meaning in the report (PS3.16 CID 4010); NULL
    where it is stated neither as frontal nor as lateral. -#}
{% macro radiograph_view(text) -%}
    case
        when contains({{ text }}, 'oblique') then null
        when regexp_matches({{ text }}, '(^| )(postero ?anterior|pa)( |$)') then 'pa'
        when regexp_matches({{ text }}, '(^| )(antero ?posterior|ap)( |$)') then 'ap'
        when regexp_matches({{ text }}, '(^| )lateral( |$)') then 'lateral'
    end
{%- endmacro %}


{#- Whether the view of a radiograph is that of a procedure; NULL where it is not known. -#}
{% macro is_view_of(view, procedure_view) -%}
    case {{ procedure_view }}
        when 'any' then true
        when 'frontal' then {{ view }} in ('pa', 'ap')
        else {{ view }} = {{ procedure_view }}
    end
{%- endmacro %}
