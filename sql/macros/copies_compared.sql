{#- The rows of a relation of events with `copy_number`, `is_of_another_study` and
    `is_contradicted`. Rows of one UID in different objects are copies of one event. Rows of one UID
    in one object are parts of one event (PS3.16 TID 10013: one container for each region), or
    events of a device that writes one UID for all: all are counted, each under a key of its own
    (`<key>.<number>`). A UID that studies with different starts use for different doses is an event
    of each of them. -#}
{% macro copies_compared(events, doses, words=()) -%}
    {%- set measured = (doses | list + words | list) | join(', ') -%}
    with

    of_objects as (

        select
            facility_id,
            counted_event_key,
            study_key,
            submission_id,
            object_sha256,
            {{ sums(doses) }},
            min(irradiation_started_at) as started_at
        from {{ events }}
        group by all

    ),

    used_for_others as (

        select
            facility_id,
            counted_event_key
        from of_objects
        group by facility_id, counted_event_key
        having
            min(study_key) <> max(study_key)
            and min(started_at) <> max(started_at)
            and ({{ any_doses_differ(doses) }})

    ),

    keyed as (

        select
            {{ events }}.* replace (
                case
                    when used_for_others.counted_event_key is null then {{ events }}.counted_event_key
                    else {{ events }}.counted_event_key || '.' || {{ events }}.study_key
                end as counted_event_key
            )
        from {{ events }}
        left join used_for_others
            on
                {{ events }}.facility_id = used_for_others.facility_id
                and {{ events }}.counted_event_key = used_for_others.counted_event_key

    ),

    numbered as (

        select
            *,
            {{ copy_rank() }} as copy_rank,
            {{ copy_number() }} as copy_number,
            count(*) over of_object as n_parts,
            row_number() over (
                partition by facility_id, counted_event_key, submission_id, object_sha256
                order by {{ measured }}, event_index
            ) as part_number,
            row_number() over (
                partition by
                    facility_id, counted_event_key, submission_id, object_sha256, {{ measured }}
                order by event_index
            ) as number_of_equal
        from keyed
        window of_object as (
            partition by facility_id, counted_event_key, submission_id, object_sha256
        )

    ),

    matched as (

        select
            *,
            bool_or(copy_number = 1) over (
                partition by facility_id, counted_event_key, number_of_equal, {{ measured }}
            ) as is_counted,
            max(n_parts) over (partition by facility_id, counted_event_key) > 1 as has_parts
        from numbered

    ),

    final as (

        select
            * exclude (
                counted_event_key,
                copy_rank,
                n_parts,
                part_number,
                number_of_equal,
                is_counted,
                has_parts
            ),
            case
                when n_parts > 1 then counted_event_key || '.' || part_number else counted_event_key
            end as counted_event_key,
            max(study_key) filter (where copy_number = 1) over copies <> study_key
                as is_of_another_study,
            {{ any_copies_differ(doses, words) }}
            or (has_parts and not bool_and(is_counted) over copies) as is_contradicted
        from matched
        window
            copies as (partition by facility_id, counted_event_key),
            tied_copies as (
                partition by facility_id, counted_event_key, copy_rank, part_number
            )

    )

    select * from final
{%- endmacro %}


{#- The sum of each dose, under its name. -#}
{% macro sums(doses) -%}
    {%- for dose in doses %}
        {{- 'sum(' ~ dose ~ ') as ' ~ dose }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- Whether one of several doses differs by more than rounding. -#}
{% macro any_doses_differ(doses) -%}
    {%- for dose in doses %}
        {{- doses_differ(dose) }}{{ ' or ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- Whether copies that tie for rank 1 differ in one of these doses or words. -#}
{% macro any_copies_differ(doses, words) -%}
    {%- for dose in doses %}
        {{- copies_differ(dose) }}{{ ' or ' if not loop.last }}
    {%- endfor -%}
    {%- for word in words %}
        {{- ' or ' ~ copies_differ_in_word(word) }}
    {%- endfor -%}
{%- endmacro %}
