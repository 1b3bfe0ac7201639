{#- Every name of an examination, by modality: descriptions of reports and protocols of events. -#}
{% macro stated_names(reports, ct_events, xray_events) -%}
    select
        modality,
        study_description as examination_name
    from {{ reports }}
    where study_description <> ''
    union
    select modality, requested_procedure from {{ reports }} where requested_procedure <> ''
    union
    select 'CT', acquisition_protocol from {{ ct_events }} where acquisition_protocol <> ''
    union
    select modality, acquisition_protocol from {{ xray_events }} where acquisition_protocol <> ''
{%- endmacro %}

{#- The folded words of each name of a relation (columns modality, examination_name), one row per
    part: in a maker's form (`Folder^Protocol (Adult)`) the folder is a part of its own. Of a text of
    more than 60 words the rest is one word that no phrase has. -#}
{% macro name_words(names) -%}
    select
        modality,
        examination_name,
        is_folder,
        words[:60] || if(len(words) > 60, ['the rest of it'], []) as words
    from (
        select
            modality,
            examination_name,
            unnest(if(contains(examination_name, '^'), [false, true], [false])) as is_folder,
            if(
                is_folder,
                split_part(examination_name, '^', 1),
                substr(examination_name, instr(examination_name, '^') + 1)
            ) as part,
            string_split({{ folded_name('part') }}, ' ') as words
        from {{ names }}
    )
    where words <> ['']
{%- endmacro %}

{#- Every phrase of name_concepts.csv as it is compared, also with its umlauts in two letters. Most
    are folded already: small letters and single spaces. -#}
{% macro name_phrases(name_concepts) -%}
    select distinct
        modality,
        concept,
        kind,
        if(
            regexp_full_match(spelling, '[a-z]+( [a-z]+)*'),
            spelling,
            {{ folded_name('spelling') }}
        ) as phrase
    from (
        select
            modality,
            concept,
            kind,
            phrase as spelling
        from {{ name_concepts }}
        union
        select
            modality,
            concept,
            kind,
            {{ in_two_letters('phrase') }} as spelling
        from {{ name_concepts }}
    )
{%- endmacro %}

{#- The distinct values of a list of concepts where a condition holds, in alphabetical order. -#}
{% macro concepts_where(condition) -%}
    list_sort(list_distinct(coalesce(list(concept) filter (where {{ condition }}), [])))
{%- endmacro %}

{#- The phrases that the words of each name have, from `first_word` to `last_word`, of the relations
    placed (one row per word) and phrases. A phrase inside a longer one does not count. No phrase has
    more than eight words. -#}
{% macro phrases_in(placed, phrases) -%}
    with

    spans as (

        select
            *,
            first_word + unnest(range(0, least(8, len(words) - first_word + 1))) as last_word
        from {{ placed }}

    ),

    found as materialized (

        select
            spans.* exclude (words),
            phrases.* exclude (modality, phrase)
        from spans
        inner join {{ phrases }} as phrases
            on
                array_to_string(spans.words[spans.first_word:spans.last_word], ' ')
                = phrases.phrase
                and coalesce(phrases.modality, spans.modality) = spans.modality

    )

    select found.*
    from found
    anti join found as longer
        on
            found.modality = longer.modality
            and found.examination_name = longer.examination_name
            and found.is_folder = longer.is_folder
            and found.first_word >= longer.first_word
            and found.last_word <= longer.last_word
            and found.last_word - found.first_word < longer.last_word - longer.first_word
{%- endmacro %}
