-- No phrase of a language has the same concept twice for one modality, or for any (NULL).
with

name_concepts as (

    select * from {{ ref('name_concepts') }}

),

final as (

    select
        concept,
        language,
        phrase,
        modality
    from name_concepts
    group by all
    having count(*) > 1

)

select * from final
