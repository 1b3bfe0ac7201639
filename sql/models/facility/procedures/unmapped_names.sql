{{ config(schema='marts', contract={'enforced': true}) }}

with

unmapped_texts as (

    select *
    from {{ ref('int_unmapped_texts') }}
    where not is_withheld

),

ranked as (

    select
        facility_id,
        modality,
        field,
        compared_text,
        n_examinations,
        row_number() over (
            partition by facility_id, modality, field
            order by n_examinations desc, compared_text asc
        ) as name_rank
    from unmapped_texts

),

final as (

    select *
    from ranked
    where name_rank <= 1000

)

select * from final
