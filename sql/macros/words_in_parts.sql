{#- Words of a relation (columns modality, word) that are two or three known words written as one,
    such as "thoraxabdomen", with the concepts of their parts. A part has three letters or more, or is
    "ct". A word that can be cut into parts of different meaning is left out. -#}
{% macro words_in_parts(words, phrases) -%}
    with recursive

    parts as (

        select
            modality,
            phrase,
            coalesce(list(distinct concept) filter (where kind <> 'filler'), []) as concepts
        from {{ phrases }}
        where
            phrase = 'ct'
            or (
                kind in ('region', 'technique', 'exclusion', 'contrast', 'phase')
                and not contains(phrase, ' ')
                and len(phrase) >= 3
            )
        group by modality, phrase

    ),

    cuts as (

        select
            modality,
            word,
            word as rest,
            0 as n_parts,
            cast([] as varchar[]) as concepts
        from {{ words }}
        where len(word) between 5 and 40

        union all

        select
            begun.modality,
            begun.word,
            begun.rest[begun.n_letters + 1:] as rest,
            begun.n_parts + 1 as n_parts,
            begun.concepts || parts.concepts as concepts
        from (
            select
                *,
                unnest(range(2, len(rest) + 1)) as n_letters
            from cuts
            where n_parts < 3
        ) as begun
        inner join parts
            on
                begun.rest[:begun.n_letters] = parts.phrase
                and coalesce(parts.modality, begun.modality) = begun.modality

    ),

    whole as (

        select distinct
            modality,
            word,
            list_sort(list_distinct(concepts)) as concepts
        from cuts
        where rest = '' and n_parts > 1

    ),

    kinds as (

        select distinct
            concept,
            kind
        from {{ phrases }}

    ),

    clear as (

        select
            modality,
            word,
            unnest(any_value(concepts)) as concept
        from whole
        group by modality, word
        having count(*) = 1

    )

    select
        clear.*,
        kinds.kind
    from clear
    inner join kinds on clear.concept = kinds.concept
{%- endmacro %}
