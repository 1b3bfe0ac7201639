{#- The folded words of each name of a relation (columns modality, name), one row per part: in a
    maker's form (`Folder^Protocol (Adult)`) the folder is a part of its own. Of a text of more than
    60 words the rest is one word that no phrase has. -#}
{% macro name_words(names) -%}
    select
        modality,
        name,
        is_folder,
        words[:60] || if(len(words) > 60, ['the rest of it'], []) as words
    from (
        select
            modality,
            name,
            unnest(if(contains(name, '^'), [false, true], [false])) as is_folder,
            if(
                is_folder,
                split_part(name, '^', 1),
                substr(name, if(contains(name, '^'), instr(name, '^') + 1, 1))
            ) as part,
            string_split({{ folded_name('part') }}, ' ') as words
        from {{ names }}
    )
    where words <> ['']
{%- endmacro %}

{#- Every phrase of name_concepts.csv as it is compared, also with its umlauts in two letters. -#}
{% macro name_phrases(name_concepts) -%}
    select distinct
        modality,
        concept,
        kind,
        {{ folded_name('phrase') }} as phrase
    from {{ name_concepts }}

    union

    select distinct
        modality,
        concept,
        kind,
        {{ folded_name(in_two_letters('phrase')) }} as phrase
    from {{ name_concepts }}
{%- endmacro %}

{#- The distinct values of a list of concepts where a condition holds, in alphabetical order. -#}
{% macro concepts_where(condition) -%}
    list_sort(list_distinct(coalesce(list(concept) filter (where {{ condition }}), [])))
{%- endmacro %}
