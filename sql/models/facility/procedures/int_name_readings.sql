with

reports as (

    select * from {{ ref('int_examination_reports') }}

),

ct_events as (

    select * from {{ ref('int_counted_reports_ct_irradiation_events') }}

),

xray_events as (

    select * from {{ ref('int_xray_event_copies') }}

),

names as materialized (

    select modality, study_description as name from reports where study_description <> ''
    union
    select modality, requested_procedure from reports where requested_procedure <> ''
    union
    select 'CT', acquisition_protocol from ct_events where acquisition_protocol <> ''
    union
    select modality, acquisition_protocol from xray_events where acquisition_protocol <> ''

),

phrases as (

    {{ name_phrases(ref('name_concepts')) }}

),

placed as materialized (

    select
        *,
        unnest(range(1, len(words) + 1)) as first_word
    from ({{ name_words('names') }})

),

-- No phrase has more than eight words.
spans as (

    select
        *,
        first_word + unnest(range(0, least(8, len(words) - first_word + 1))) as last_word
    from placed

),

found as materialized (

    select
        spans.* exclude (words),
        phrases.* exclude (modality, phrase)
    from spans
    inner join phrases
        on
            array_to_string(spans.words[spans.first_word:spans.last_word], ' ') = phrases.phrase
            and coalesce(phrases.modality, spans.modality) = spans.modality

),

-- A phrase inside a longer one does not count.
counted as materialized (

    select found.*
    from found
    anti join found as longer
        on
            found.modality = longer.modality
            and found.name = longer.name
            and found.is_folder = longer.is_folder
            and found.first_word >= longer.first_word
            and found.last_word <= longer.last_word
            and found.last_word - found.first_word < longer.last_word - longer.first_word

),

covered as (

    select distinct
        * exclude (last_word, concept, kind) replace (
            unnest(range(first_word, last_word + 1)) as first_word
        )
    from counted

),

unread as (

    select
        modality,
        name,
        list(words[first_word] order by is_folder desc, first_word) as unread_words
    from placed
    anti join covered using (modality, name, is_folder, first_word)
    where
        regexp_matches(words[first_word], '\p{L}')
        and not (
            len(words[first_word]) = 1
            and regexp_full_match(
                coalesce(words[first_word - 1], '') || coalesce(words[first_word + 1], ''),
                '\p{N}+'
            )
        )
    group by modality, name

),

-- Regions of a maker's folder count only where the protocol names none.
meant as (

    select
        modality,
        name,
        bool_or(kind = 'region' and not is_folder) as is_region_named,
        {{ concepts_where("kind in ('technique', 'purpose', 'exclusion')") }} as techniques,
        {{ concepts_where("kind = 'region' and not is_folder") }} as regions,
        {{ concepts_where("kind = 'region' and is_folder") }} as folder_regions,
        {{ concepts_where("kind in ('phase', 'contrast', 'patient', 'side')") }} as other_concepts,
        bool_or(kind = 'exclusion') as is_excluded
    from counted
    group by modality, name

),

final as (

    select
        names.modality,
        names.name,
        list_sort(coalesce(
            meant.techniques
            || if(meant.is_region_named, meant.regions, meant.folder_regions), []
        )) as concepts,
        coalesce(meant.other_concepts, []) as other_concepts,
        coalesce(unread.unread_words, []) as unread_words,
        coalesce(meant.is_excluded, false) as is_excluded
    from names
    left join meant using (modality, name)
    left join unread using (modality, name)

)

select * from final
