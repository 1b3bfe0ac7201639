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

    {{ stated_names('reports', 'ct_events', 'xray_events') }}

),

phrases as materialized (

    {{ name_phrases(ref('name_concepts')) }}

),

placed as materialized (

    select
        *,
        unnest(range(1, len(words) + 1)) as first_word
    from ({{ name_words('names') }})

),

counted as materialized (

    {{ phrases_in('placed', 'phrases') }}

),

covered as (

    select distinct
        * exclude (last_word, concept, kind) replace (
            unnest(range(first_word, last_word + 1)) as first_word
        )
    from counted

),

left_over as (

    select
        modality,
        examination_name,
        is_folder,
        first_word,
        words[first_word] as word
    from placed
    anti join covered using (modality, examination_name, is_folder, first_word)
    where
        regexp_matches(words[first_word], '\p{L}')
        and not (
            len(words[first_word]) = 1
            and regexp_full_match(
                coalesce(words[first_word - 1], '') || coalesce(words[first_word + 1], ''),
                '\p{N}+'
            )
        )

),

fused as materialized (

    {{ words_in_parts('(select distinct modality, word from left_over)', 'phrases') }}

),

unread as (

    select
        modality,
        examination_name,
        list(word order by is_folder desc, first_word asc) as unread_words
    from left_over
    anti join fused using (modality, word)
    group by modality, examination_name

),

said as (

    select * exclude (first_word, last_word) from counted

    union all by name

    select
        left_over.* exclude (first_word, word),
        fused.* exclude (modality, word)
    from left_over
    inner join fused using (modality, word)

),

-- Regions of a maker's folder count only where the protocol names none.
meant as (

    select
        modality,
        examination_name,
        bool_or(kind = 'region' and not is_folder) as is_region_named,
        {{ concepts_where("kind in ('technique', 'purpose', 'exclusion')") }} as techniques,
        {{ concepts_where("kind = 'region' and not is_folder") }} as regions,
        {{ concepts_where("kind = 'region' and is_folder") }} as folder_regions,
        {{ concepts_where("kind in ('phase', 'contrast', 'patient', 'side')") }} as other_concepts,
        bool_or(kind = 'exclusion') as is_excluded,
        bool_or(concept = 'default') as is_default
    from said
    group by modality, examination_name

),

final as (

    select
        names.modality,
        names.examination_name,
        list_sort(coalesce(
            meant.techniques
            || if(meant.is_region_named, meant.regions, meant.folder_regions), []
        )) as concepts,
        coalesce(meant.other_concepts, []) as other_concepts,
        coalesce(unread.unread_words, []) as unread_words,
        coalesce(meant.is_excluded, false) as is_excluded,
        coalesce(meant.is_default, false) as is_default
    from names
    left join meant using (modality, examination_name)
    left join unread using (modality, examination_name)

)

select * from final
