with

examination_texts as (

    select * from {{ ref('int_examination_texts') }}

),

examination_procedures as (

    select *
    from {{ ref('int_examination_procedures') }}
    where rule_id is not null

),

final as (

    select
        examination_texts.facility_id,
        examination_texts.modality,
        examination_texts.field,
        examination_texts.compared_text,
        count(*) as n_examinations,
        {{ reads_like_an_identifier('examination_texts.compared_text') }} as is_withheld
    from examination_texts
    anti join examination_procedures
        on
            examination_texts.facility_id = examination_procedures.facility_id
            and examination_texts.study_key = examination_procedures.study_key
            and examination_texts.modality = examination_procedures.modality
    group by
        examination_texts.facility_id,
        examination_texts.modality,
        examination_texts.field,
        examination_texts.compared_text

)

select * from final
