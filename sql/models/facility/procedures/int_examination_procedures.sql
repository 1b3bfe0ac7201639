with

texts as not materialized (

    select * from {{ ref('int_examination_texts') }}

),

rules as (

    select *
    from {{ ref('procedure_rules') }}
    where coalesce(valid_to >= valid_from, true) -- otherwise the rule was withdrawn

),

concept_procedures as (

    select
        modality,
        list_sort(string_split(concepts, ' ')) as concepts,
        procedure_id,
        version,
        reviewer
    from {{ ref('concept_procedures') }}

),

procedures as (

    select
        procedure_id,
        broader_id,
        coalesce(string_split(areas, ';'), []) as areas
    from {{ ref('procedures') }}

),

by_rule as (

    {{ rules_that_decide('texts', ref('int_examination_reports'), 'rules') }}

),

fields as (

    {{ fields_read('texts', ref('int_name_readings')) }}

),

-- A field of fillers says nothing. One with an unread word decides nothing, and neither does one
-- whose concepts have no row; an exclusion without a row means that there is no procedure.
fields_decided as materialized (

    select
        fields.*,
        procedures.procedure_id,
        procedures.broader_id,
        procedures.areas,
        concept_procedures.version,
        concept_procedures.reviewer,
        len(fields.unread_words) = 0
        and (concept_procedures.concepts is not null or fields.is_excluded) as is_decided
    from fields
    left join concept_procedures
        on
            fields.modality = concept_procedures.modality
            and fields.concepts = concept_procedures.concepts
    left join procedures on concept_procedures.procedure_id = procedures.procedure_id
    where len(fields.concepts || fields.other_concepts || fields.unread_words) > 0

),

highest as (

    select *
    from fields_decided
    qualify row_number() over (partition by facility_id, study_key, modality order by place) = 1

),

contradicted as (

    {{ contradicted_examinations('highest', 'fields_decided', 'concept_procedures') }}

),

by_reading as (

    select
        highest.facility_id,
        highest.study_key,
        highest.modality,
        highest.reviewer,
        highest.field as read_field,
        array_to_string(highest.concepts, ' ') as concepts,
        array_to_string(highest.unread_words, ' ') as unread_words,
        contradicted.study_key is not null as is_contradicted,
        highest.is_decided and not is_contradicted as is_final,
        if(is_final, highest.procedure_id, null) as procedure_id,
        if(
            is_final,
            highest.modality || ' ' || array_to_string(highest.concepts, ' '),
            null
        ) as rule_id,
        if(is_final, coalesce(highest.version, 1), null) as rule_version
    from highest
    left join contradicted on {{ is_same_examination('highest', 'contradicted') }}

),

decided as (

    select
        facility_id,
        study_key,
        modality,
        if(by_rule.rule_id is null, by_reading.procedure_id, by_rule.procedure_id) as procedure_id,
        coalesce(by_rule.rule_id, by_reading.rule_id) as rule_id,
        coalesce(by_rule.rule_version, by_reading.rule_version) as rule_version,
        if(by_rule.rule_id is null, by_reading.reviewer, rules.reviewer) as reviewer,
        by_reading.read_field,
        by_reading.concepts,
        by_reading.unread_words,
        by_reading.is_contradicted
    from by_rule
    full join by_reading using (facility_id, study_key, modality)
    left join rules
        on by_rule.rule_id = rules.rule_id and by_rule.rule_version = rules.rule_version

),

-- A decision that does not count leaves the examination undecided; no other rule replaces it.
final as (

    select
        * exclude (reviewer) replace (
            if({{ is_reviewed('reviewer') }}, procedure_id, null) as procedure_id,
            if({{ is_reviewed('reviewer') }}, rule_id, null) as rule_id,
            if({{ is_reviewed('reviewer') }}, rule_version, null) as rule_version
        )
    from decided

)

select * from final
