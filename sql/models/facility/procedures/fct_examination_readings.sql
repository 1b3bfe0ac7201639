{{ config(schema='core') }}

with

examination_procedures as (

    select * from {{ ref('int_examination_procedures') }}

),

final as (

    select
        facility_id,
        study_key,
        modality,
        procedure_id,
        rule_id,
        rule_version,
        read_field,
        concepts,
        if({{ reads_like_an_identifier('unread_words') }}, null, unread_words) as unread_words,
        is_contradicted
    from examination_procedures

)

select * from final
