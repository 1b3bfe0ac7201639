with

texts as (

    select * from {{ ref('int_examination_texts') }}

),

reports as (

    select * from {{ ref('int_examination_reports') }}

),

rule_matches as (

    select * from {{ ref('int_procedure_rule_matches') }}

),

-- A rule is for everybody or for one facility, and for studies of certain dates; a study without
-- a date goes by the rules that have no end.
candidates as (

    select
        texts.facility_id,
        texts.study_key,
        texts.modality,
        rule_matches.rule_id,
        rule_matches.rule_version,
        rule_matches.procedure_id,
        rule_matches.priority,
        rule_matches.scope <> 'national' as is_facility_rule
    from texts
    inner join reports
        on
            texts.facility_id = reports.facility_id
            and texts.study_key = reports.study_key
            and texts.modality = reports.modality
    inner join rule_matches
        on
            texts.modality = rule_matches.modality
            and texts.field = rule_matches.field
            and texts.compared_text = rule_matches.compared_text
            and rule_matches.scope in ('national', texts.facility_id)
            and case
                when reports.study_date is null then rule_matches.valid_to is null
                else
                    reports.study_date >= rule_matches.valid_from
                    and coalesce(reports.study_date <= rule_matches.valid_to, true)
            end

),

ranked as (

    select
        *,
        row_number() over (
            partition by facility_id, study_key, modality
            order by is_facility_rule desc, priority asc, rule_id asc
        ) as choice
    from candidates

),

final as (

    select
        facility_id,
        study_key,
        modality,
        procedure_id,
        rule_id,
        rule_version
    from ranked
    where choice = 1

)

select * from final
