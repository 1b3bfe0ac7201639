with

texts as (

    select distinct
        modality,
        field,
        compared_text
    from {{ ref('int_examination_texts') }}

),

rules as (

    select *
    from {{ ref('procedure_rules') }}
    where coalesce(valid_to >= valid_from, true) -- else it was withdrawn

),

-- Each distinct text is compared once, however many examinations carry it.
final as (

    select
        texts.modality,
        texts.field,
        texts.compared_text,
        rules.rule_id,
        rules.rule_version,
        rules.scope,
        rules.procedure_id,
        rules.priority,
        rules.valid_from,
        rules.valid_to
    from texts
    inner join rules
        on
            texts.modality = rules.modality
            and texts.field = rules.field
            and case rules.match_type
                when 'pattern' then regexp_matches(texts.compared_text, rules.pattern)
                else texts.compared_text = rules.pattern
            end

)

select * from final
